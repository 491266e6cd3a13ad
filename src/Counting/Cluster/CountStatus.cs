using Counter.Counting.Pages;

namespace Counter.Counting.Cluster;

/// <summary>The numbers of a page or a site.</summary>
/// <param name="Key">What is counted.</param>
/// <param name="Viewers">The viewers now.</param>
/// <param name="Peak">The most viewers ever at once.</param>
/// <param name="PeakAt">When the peak was; null when there was no viewer yet.</param>
/// <param name="Arrivals">All viewers that ever arrived.</param>
/// <param name="Since">When the first viewer arrived; null when none did.</param>
[GenerateSerializer, Immutable, Alias("counter.CountStatus")]
public sealed record CountStatus(
    CountKey Key, int Viewers, int Peak, DateTimeOffset? PeakAt, long Arrivals, DateTimeOffset? Since)
{
    /// <summary>The zeros of a page or site that was never seen.</summary>
    public static CountStatus Unseen(CountKey key) => new(key, 0, 0, null, 0, null);
}
