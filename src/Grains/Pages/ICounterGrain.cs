using Counter.Counting.Cluster;
using Counter.Counting.History;
using Counter.Counting.Pages;

namespace Counter.Grains.Pages;

/// <summary>Keeps a page's peak, arrivals and history. Keyed by <see cref="GrainKeys"/>; calls name the page, because a key may be a hash.</summary>
[Alias("counter.ICounterGrain")]
internal interface ICounterGrain : IGrainWithStringKey
{
    /// <summary>Applies a report of the site's presence, unless a newer one was applied.</summary>
    [Alias("Apply")]
    Task<PageStatus> ApplyAsync(PageReport report);

    /// <summary>The history, see <see cref="ICluster.GetHistoryAsync"/>.</summary>
    [Alias("History")]
    Task<IReadOnlyList<HistoryPoint>> HistoryAsync(string site, string path, HistoryStep step, DateTimeOffset from, DateTimeOffset to);

    /// <summary>Clears peak, arrivals and history. With <paramref name="forget"/> it deletes the page if it has no viewers.</summary>
    [Alias("Reset")]
    Task<PageStatus> ResetAsync(string site, string path, bool forget);

    /// <summary>Stores changes. Reports are applied meanwhile.</summary>
    [AlwaysInterleave]
    [Alias("Save")]
    Task SaveAsync();
}
