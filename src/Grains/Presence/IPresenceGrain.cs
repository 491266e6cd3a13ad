using Counter.Counting.Pages;
using Counter.Counting.Presence;

namespace Counter.Grains.Presence;

/// <summary>Who is on one site, keyed by its name: a shell around <see cref="SitePresence"/>.</summary>
[Alias("counter.IPresenceGrain")]
internal interface IPresenceGrain : IGrainWithStringKey
{
    /// <summary>Takes what opened and closed at a gateway.</summary>
    [Alias("Send")]
    Task<PresenceReply> SendAsync(PresenceBatch batch);

    /// <summary>Does what has come due.</summary>
    [Alias("Tick")]
    [OneWay]
    Task TickAsync();

    /// <summary>Gives up gateways that are not alive any more, and waits until the site has what changed, for a second at most.</summary>
    [Alias("Expire")]
    Task ExpireAsync();

    /// <summary>The site or pages may have begun anew, and are told everything again.</summary>
    [Alias("ReportAll")]
    Task ReportAllAsync();

    /// <summary>The site or pages were reset: the totals that are shown are asked for again.</summary>
    [Alias("AskTotals")]
    [OneWay]
    Task AskTotalsAsync();

    /// <summary>A number as it is now, and whether all gateways have said what they have open.</summary>
    [Alias("Find")]
    Task<(CountUpdate Total, bool IsWhole)> FindAsync(CountKey key);

    /// <summary>The pages that somebody is on; null while not all gateways have said what they have open.</summary>
    [Alias("Pages")]
    Task<IReadOnlyList<PageReport>?> PagesAsync();

    /// <summary>Why the number of a page is what it is.</summary>
    [Alias("Explain")]
    Task<PageExplanation> ExplainAsync(string path);
}
