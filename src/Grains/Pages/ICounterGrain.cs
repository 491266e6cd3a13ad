using Counter.Counting.Cluster;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Grains.Messages;

namespace Counter.Grains.Pages;

/// <summary>One page: merges what gateways say about it. Keyed by <see cref="GrainKeys"/>; every call names the page, since a key may be a hash.</summary>
[Alias("counter.ICounterGrain")]
internal interface ICounterGrain : IGrainWithStringKey
{
    /// <summary>Takes a report of a gateway.</summary>
    [Alias("Report")]
    Task<PageNews> ReportAsync(string gateway, string site, PageSaid said);

    /// <summary>A client shows this page without anybody who counts there: it is told changes for a while.</summary>
    [Alias("Watch")]
    Task<NumberTold> WatchAsync(Guid client, CountKey page, Seen seen);

    /// <summary>Gives up gateways that are not alive any more, and what was only believed until they reported again.</summary>
    [Alias("Recount")]
    Task<PageNews> RecountAsync();

    /// <summary>The history, as <see cref="ICluster.GetHistoryAsync"/> says.</summary>
    [Alias("History")]
    Task<IReadOnlyList<HistoryPoint>> HistoryAsync(string site, string path, HistoryStep step, DateTimeOffset from, DateTimeOffset to);

    /// <summary>Forgets peak, arrivals and history, and everything when nobody looks and it is to be forgotten altogether.</summary>
    [Alias("Reset")]
    Task<PageNews> ResetAsync(string site, string path, bool forget);

    /// <summary>Stores what changed. Reports go on meanwhile.</summary>
    [AlwaysInterleave]
    [Alias("Save")]
    Task SaveAsync();
}
