using Counter.Counting.Cluster;
using Counter.Counting.History;
using Counter.Counting.Pages;

namespace Counter.Grains.Pages;

/// <summary>One page: keeps its peak, arrivals and history. Keyed by <see cref="GrainKeys"/>; every call names the page, since a key may be a hash.</summary>
[Alias("counter.ICounterGrain")]
internal interface ICounterGrain : IGrainWithStringKey
{
    /// <summary>Takes what the presence of the site reports, unless something newer was taken.</summary>
    [Alias("Apply")]
    Task<PageStatus> ApplyAsync(PageReport report);

    /// <summary>The history, as <see cref="ICluster.GetHistoryAsync"/> says.</summary>
    [Alias("History")]
    Task<IReadOnlyList<HistoryPoint>> HistoryAsync(string site, string path, HistoryStep step, DateTimeOffset from, DateTimeOffset to);

    /// <summary>Forgets peak, arrivals and history, and everything when nobody looks and it is to be forgotten altogether.</summary>
    [Alias("Reset")]
    Task<PageStatus> ResetAsync(string site, string path, bool forget);

    /// <summary>Stores what changed. Reports go on meanwhile.</summary>
    [AlwaysInterleave]
    [Alias("Save")]
    Task SaveAsync();
}
