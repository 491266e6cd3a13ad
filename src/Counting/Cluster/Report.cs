using Counter.Counting.Pages;

namespace Counter.Counting.Cluster;

/// <summary>The state of one page: absolute numbers, never differences.</summary>
/// <param name="Page">The page.</param>
/// <param name="Opened">The number at which the presence of the site last began to hold this page; <paramref name="Arrivals"/> counts from there.</param>
/// <param name="Sequence">Rises with every report. A report with a lower or equal number is ignored.</param>
/// <param name="Viewers">The viewers now, 0 or more.</param>
/// <param name="Arrivals">The viewers that came since <paramref name="Opened"/>.</param>
[GenerateSerializer, Immutable, Alias("counter.PageReport")]
public readonly record struct PageReport(PageKey Page, long Opened, long Sequence, int Viewers, long Arrivals);

/// <summary>A number of the whole cluster.</summary>
/// <param name="Key">What is counted.</param>
/// <param name="Version">Rises with every change of this number; older versions are dropped.</param>
/// <param name="Viewers">The viewers at all gateways, 0 or more.</param>
/// <param name="Trace">The span in which it changed, as in the header <c>traceparent</c>; null when nobody traces.</param>
/// <param name="Activation">The activation that counted it.</param>
[GenerateSerializer, Immutable, Alias("counter.Total")]
public readonly record struct Total(CountKey Key, long Version, int Viewers, string? Trace = null, long Activation = 0);

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
