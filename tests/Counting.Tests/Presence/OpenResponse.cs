using Counter.Counting.Presence;

namespace Counter.Counting.Tests.Presence;

/// <summary>An open stream that remembers what presence asked of it.</summary>
internal sealed class OpenResponse : IOpenResponse
{
    private Action? unwritten;

    /// <summary>Whether what is sent reaches its peer at once.</summary>
    public bool Writes { get; set; } = true;

    public int Probes { get; private set; }

    public bool Ended { get; private set; }

    /// <summary>Called with each probe that was written.</summary>
    public Action? Probed { get; set; }

    public void Probe(Action written)
    {
        Probes++;
        unwritten += written;
        if (Writes)
        {
            Write();
        }
    }

    /// <summary>The peer takes the probe that waits.</summary>
    public void Write()
    {
        var written = unwritten;
        unwritten = null;
        written?.Invoke();
        Probed?.Invoke();
    }

    public void End() => Ended = true;
}
