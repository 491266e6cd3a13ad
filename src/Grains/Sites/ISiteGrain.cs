using Counter.Counting.Cluster;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Grains.Messages;

namespace Counter.Grains.Sites;

/// <summary>One site, keyed by its name: its pages and their sum, with a peak and a history of its own.</summary>
[Alias("counter.ISiteGrain")]
internal interface ISiteGrain : IGrainWithStringKey
{
    /// <summary>Applies reports of the site's presence to the site and to the grains of the pages.</summary>
    [Alias("Report")]
    Task<SiteReply> ReportAsync(MostCounted most, IReadOnlyList<PageReport> reports);

    /// <summary>
    /// Asks the site's presence which pages have viewers. A new presence does not know viewers of lost gateways, and never reports that they left.
    /// </summary>
    [Alias("Ask")]
    Task AskAsync();

    /// <summary>Writes the due messages of the site's webhooks. This also happens whenever a number or a webhook changes.</summary>
    /// <param name="refresh">Whether to read changed webhooks first.</param>
    [Alias("Judge")]
    Task JudgeAsync(bool refresh);

    /// <summary>The status of the site or of one of its pages.</summary>
    [Alias("Get")]
    Task<CountStatus> GetAsync(CountKey key);

    /// <summary>The history of the site, or of one of its pages from the page's grain.</summary>
    [Alias("History")]
    Task<IReadOnlyList<HistoryPoint>> HistoryAsync(CountKey key, HistoryStep step, DateTimeOffset from, DateTimeOffset to);

    /// <summary>The known pages of the site.</summary>
    [Alias("Pages")]
    Task<IReadOnlyList<CountStatus>> PagesAsync(CountQuery query);

    /// <summary>See <see cref="ICluster.ResetAsync"/> and <see cref="ICluster.DeleteAsync"/>.</summary>
    [Alias("Reset")]
    Task<bool> ResetAsync(CountKey key, bool forget);

    /// <summary>Deletes pages without viewers whose history has expired as of a time.</summary>
    [Alias("Tidy")]
    Task TidyAsync(DateTimeOffset asOf);

    /// <summary>Deletes pages without viewers, the least valuable first.</summary>
    /// <param name="most">The maximum number of deleted pages.</param>
    /// <returns>The number of deleted pages.</returns>
    [Alias("MakeRoom")]
    Task<int> MakeRoomAsync(int most);

    /// <summary>Stores changes. Reports are applied meanwhile.</summary>
    [Alias("Save")]
    Task SaveAsync();
}
