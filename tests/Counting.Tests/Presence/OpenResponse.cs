using Counter.Counting.Presence;

namespace Counter.Counting.Tests.Presence;

/// <summary>An open stream that remembers what presence asked of it.</summary>
internal sealed class OpenResponse : IOpenResponse
{
    public int Nudges { get; private set; }

    public bool Ended { get; private set; }

    public void Nudge() => Nudges++;

    public void End() => Ended = true;
}
