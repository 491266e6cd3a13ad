namespace Counter.Gateway.Links;

/// <summary>That votes were written, on its way to other gateways: they read them at once, and not with their next round.</summary>
internal sealed class PollNews
{
    /// <summary>This gateway has written votes.</summary>
    public event Action? Told;

    /// <summary>Another gateway has.</summary>
    public event Action? Heard;

    /// <summary>Says that votes were written here.</summary>
    public void Tell() => Told?.Invoke();

    /// <summary>Another gateway says so.</summary>
    public void Hear() => Heard?.Invoke();
}
