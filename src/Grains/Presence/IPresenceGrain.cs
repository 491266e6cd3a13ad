using Counter.Counting.Pages;
using Counter.Counting.Presence;

namespace Counter.Grains.Presence;

/// <summary>The viewers of one site, keyed by its name. It wraps a <see cref="SitePresence"/>.</summary>
[Alias("counter.IPresenceGrain")]
internal interface IPresenceGrain : IGrainWithStringKey
{
    /// <summary>Applies a batch of a gateway.</summary>
    [Alias("Send")]
    Task<PresenceReply> SendAsync(PresenceBatch batch);

    /// <summary>Does the timed work that is due.</summary>
    [Alias("Tick")]
    [OneWay]
    Task TickAsync();

    /// <summary>Expires lost gateways, and waits for at most a second until the site has the changes.</summary>
    [Alias("Expire")]
    Task ExpireAsync();

    /// <summary>Reports all pages again, because the site or its pages may be new activations.</summary>
    [Alias("ReportAll")]
    Task ReportAllAsync();

    /// <summary>Asks for the totals that gateways show again, because the site or a page was reset.</summary>
    [Alias("AskTotals")]
    [OneWay]
    Task AskTotalsAsync();

    /// <summary>The current number, and whether all gateways have sent their snapshots.</summary>
    [Alias("Find")]
    Task<(CountUpdate Total, bool IsWhole)> FindAsync(CountKey key);

    /// <summary>The current viewers of several numbers, and whether all gateways have sent their snapshots.</summary>
    [Alias("Count")]
    Task<(IReadOnlyList<long> Viewers, bool IsWhole)> CountAsync(IReadOnlyList<CountKey> keys);

    /// <summary>The pages with viewers; null until all gateways have sent their snapshots.</summary>
    [Alias("Pages")]
    Task<IReadOnlyList<PageReport>?> PagesAsync();

    /// <summary>Explains how the number of a page is made.</summary>
    [Alias("Explain")]
    Task<PageExplanation> ExplainAsync(string path);
}
