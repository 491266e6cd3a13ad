using Counter.Counting.Pages;

namespace Counter.Counting.Cluster;

/// <summary>What the cluster knows about a page or a site.</summary>
/// <param name="Key">What is counted.</param>
/// <param name="Viewers">The viewers now.</param>
/// <param name="Peak">The most viewers there ever were at once.</param>
/// <param name="PeakAt">When that was; null when there never was one.</param>
/// <param name="Arrivals">The viewers that ever came.</param>
/// <param name="Since">When the first one came; null when none did.</param>
[GenerateSerializer, Immutable, Alias("counter.CountStatus")]
public sealed record CountStatus(
    CountKey Key, int Viewers, int Peak, DateTimeOffset? PeakAt, long Arrivals, DateTimeOffset? Since)
{
    /// <summary>What is known of something that was never seen: nothing.</summary>
    public static CountStatus Unseen(CountKey key) => new(key, 0, 0, null, 0, null);
}
