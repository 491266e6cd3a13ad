using Counter.Counting.Cluster;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Grains.Messages;

namespace Counter.Grains.Sites;

/// <summary>One site, keyed by its name: which pages it has, and their sum, with a peak and a history of its own.</summary>
[Alias("counter.ISiteGrain")]
internal interface ISiteGrain : IGrainWithStringKey
{
    /// <summary>Takes what the presence of the site reports about pages, and has each page's grain take it.</summary>
    [Alias("Report")]
    Task<SiteReply> ReportAsync(MostCounted most, IReadOnlyList<PageReport> reports);

    /// <summary>Asks the presence of the site which pages have viewers: one that began anew does not know those of gateways that are gone.</summary>
    [Alias("Ask")]
    Task AskAsync();

    /// <summary>Writes the messages that receivers of the site's webhooks are owed; done by itself whenever a number or a webhook changes.</summary>
    /// <param name="refresh">Whether webhooks may have changed that this silo has not read yet.</param>
    [Alias("Judge")]
    Task JudgeAsync(bool refresh);

    /// <summary>What is known of the site or one of its pages.</summary>
    [Alias("Get")]
    Task<CountStatus> GetAsync(CountKey key);

    /// <summary>The history of the site, or of one of its pages, whose grain is asked for it.</summary>
    [Alias("History")]
    Task<IReadOnlyList<HistoryPoint>> HistoryAsync(CountKey key, HistoryStep step, DateTimeOffset from, DateTimeOffset to);

    /// <summary>The pages that were ever looked at.</summary>
    [Alias("Pages")]
    Task<IReadOnlyList<CountStatus>> PagesAsync(CountQuery query);

    /// <summary>As <see cref="ICluster.ResetAsync"/> and <see cref="ICluster.DeleteAsync"/>.</summary>
    [Alias("Reset")]
    Task<bool> ResetAsync(CountKey key, bool forget);

    /// <summary>Lets go of pages that nobody has looked at for as long as history is kept, as of a time.</summary>
    [Alias("Tidy")]
    Task TidyAsync(DateTimeOffset asOf);

    /// <summary>Lets go of pages that nobody looks at, those that are worth least first.</summary>
    /// <param name="most">How many at most.</param>
    /// <returns>How many.</returns>
    [Alias("MakeRoom")]
    Task<int> MakeRoomAsync(int most);

    /// <summary>Stores what changed. Reports go on meanwhile.</summary>
    [Alias("Save")]
    Task SaveAsync();
}
