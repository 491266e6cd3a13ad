namespace Counter.Grains.Gateways;

/// <summary>Notices that silos have gone. Not safe for concurrent use.</summary>
/// <remarks>
/// A silo that stops is noticed twice: when it begins to leave, and when it is gone. In between it has its grains leave memory one by one,
/// and one that is still there takes a report and then goes with it.
/// </remarks>
internal sealed class LostSilos
{
    private HashSet<SiloAddress> active = [];
    private HashSet<SiloAddress> leaving = [];

    /// <summary>Takes which silos there are.</summary>
    /// <param name="nowActive">Those that take part.</param>
    /// <param name="nowLeaving">Those that are on their way out.</param>
    /// <returns>Whether what was counted in one of them may be lost since the last time.</returns>
    public bool Look(IEnumerable<SiloAddress> nowActive, IEnumerable<SiloAddress> nowLeaving)
    {
        var (before, leftBefore) = (active, leaving);
        (active, leaving) = ([.. nowActive], [.. nowLeaving]);
        return !before.IsSubsetOf(active) || !leftBefore.IsSubsetOf(leaving);
    }
}
