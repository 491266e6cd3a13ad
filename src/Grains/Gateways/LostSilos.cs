namespace Counter.Grains.Gateways;

/// <summary>Detects lost silos. Not safe for concurrent use.</summary>
/// <remarks>
/// A silo that stops is detected twice: when it begins to leave, and when it is gone. In between it deactivates its grains one by one. A
/// grain that is still active accepts a report and then loses it.
/// </remarks>
internal sealed class LostSilos
{
    private HashSet<SiloAddress> active = [];
    private HashSet<SiloAddress> leaving = [];

    /// <summary>Compares the silos with those of the last call.</summary>
    /// <param name="nowActive">The active silos.</param>
    /// <param name="nowLeaving">The silos that are stopping.</param>
    /// <returns>Whether counts in a silo may have been lost since the last call.</returns>
    public bool DetectLoss(IEnumerable<SiloAddress> nowActive, IEnumerable<SiloAddress> nowLeaving)
    {
        var (before, leftBefore) = (active, leaving);
        (active, leaving) = ([.. nowActive], [.. nowLeaving]);
        return !before.IsSubsetOf(active) || !leftBefore.IsSubsetOf(leaving);
    }
}
