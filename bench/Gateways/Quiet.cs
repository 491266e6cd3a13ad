using Counter.Counting.Presence;

namespace Counter.Gateways;

/// <summary>A stream for presence without a client.</summary>
internal sealed class Quiet : IOpenResponse
{
    public void Probe(Action written)
    {
        // There is no client.
    }

    public void End()
    {
        // There is no response to end.
    }
}
