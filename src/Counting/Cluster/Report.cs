using Counter.Counting.Pages;

namespace Counter.Counting.Cluster;

/// <summary>What one gateway says about the pages that changed there since it was last heard.</summary>
/// <param name="GatewayId">Names one run of one gateway process; a restarted gateway has a new one.</param>
/// <param name="Pages">One entry for each changed page.</param>
/// <param name="MostPages">How many pages a site may have, for those of the sites whose settings say so.</param>
public sealed record Report(string GatewayId, IReadOnlyList<PageReport> Pages, IReadOnlyDictionary<string, int>? MostPages = null)
{
    /// <summary>How many pages a site may have.</summary>
    /// <param name="site">The site.</param>
    /// <param name="otherwise">How many those may have whose settings say nothing.</param>
    public int MostPagesOf(string site, int otherwise) => MostPages?.TryGetValue(site, out var most) is true ? most : otherwise;
}

/// <summary>The state of one page at one gateway: absolute numbers, never differences.</summary>
/// <param name="Page">The page.</param>
/// <param name="Opened">
/// The sequence number at which the gateway last began to hold this page; <paramref name="Arrivals"/> counts from there.
/// </param>
/// <param name="Sequence">Rises with every report of this gateway. A report with a lower or equal number is ignored.</param>
/// <param name="Viewers">The streams that count now, 0 or more.</param>
/// <param name="Arrivals">The viewers that came since <paramref name="Opened"/>.</param>
public readonly record struct PageReport(PageKey Page, long Opened, long Sequence, int Viewers, long Arrivals);

/// <summary>The cluster's answer to a report.</summary>
/// <param name="Totals">The totals of every accepted page and of the sites they belong to.</param>
/// <param name="Refused">Pages that are not counted because a site has as many pages as it may have.</param>
/// <param name="Known">False when the gateway is not known or was given up, and nothing was taken: it renews and reports again.</param>
public sealed record ReportReply(IReadOnlyList<Total> Totals, IReadOnlyList<PageKey> Refused, bool Known = true);

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
