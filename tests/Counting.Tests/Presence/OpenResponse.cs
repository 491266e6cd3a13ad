using Counter.Counting.Presence;

namespace Counter.Counting.Tests.Presence;

/// <summary>An open stream that remembers what presence asked of it.</summary>
internal sealed class OpenResponse : IOpenResponse
{
    public int Probes { get; private set; }

    public bool Ended { get; private set; }

    public void Probe(Action written)
    {
        Probes++;
        written();
    }

    public void End() => Ended = true;
}
