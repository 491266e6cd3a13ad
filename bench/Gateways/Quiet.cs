using Counter.Counting.Presence;

namespace Counter.Gateways;

/// <summary>A stream as presence sees it, which goes nowhere.</summary>
internal sealed class Quiet : IOpenResponse
{
    public void Probe(Action written)
    {
        // There is nobody to send a frame to.
    }

    public void End()
    {
        // Nor to end.
    }
}
