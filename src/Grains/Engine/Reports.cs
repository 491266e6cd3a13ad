using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Grains.Changes;
using Counter.Grains.Messages;

namespace Counter.Grains.Engine;

/// <summary>Sends reports in messages of many pages, and puts the replies together.</summary>
/// <remarks>
/// The pages of a site stay together, so that the site sees them change at once.
/// </remarks>
internal sealed class Reports(ClusterLink link, ClusterLimits limits, SeenTotals seen)
{
    // A page whose grain has to be activated first takes a read of the store: few enough in a message, and under way, to be answered in time.
    private const int PagesAtOnce = 250;
    private const int MessagesAtOnce = 4;
    private const int Entries = 16;

    /// <summary>As <see cref="ICluster.ReportAsync"/>.</summary>
    public async Task<ReportReply> SendAsync(Report report, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (report.Pages.Count == 0)
        {
            var known = await link.AskAsync(cluster => cluster.GetGrain<IEntryGrain>(0).ReportAsync(new GatewaySaid(report.GatewayId, default, [])), cancellationToken);
            return new ReportReply([], [], known.Known);
        }

        // Of a page that is named twice, the newest counts.
        var pages = report.Pages.GroupBy(p => p.Page).Select(same => same.MaxBy(p => p.Sequence)).ToList();
        var messages = Pack(pages.GroupBy(p => p.Page.Site));
        using var turns = new SemaphoreSlim(MessagesAtOnce);
        var replies = await Task.WhenAll(messages.Select(async (message, i) =>
        {
            await turns.WaitAsync(cancellationToken);
            try
            {
                return await SendAsync(report, message, i, cancellationToken);
            }
            finally
            {
                turns.Release();
            }
        }));
        return replies.All(r => r.Known) ? Join(pages, [.. replies.SelectMany(r => r.Sites)]) : new ReportReply([], [], Known: false);
    }

    private static IEnumerable<List<List<PageReport>>> Pack(IEnumerable<IGrouping<string, PageReport>> sites)
    {
        var message = new List<List<PageReport>>();
        var count = 0;
        foreach (var site in sites.SelectMany(s => s.Chunk(PagesAtOnce)))
        {
            if (count > 0 && count + site.Length > PagesAtOnce)
            {
                yield return message;
                (message, count) = ([], 0);
            }

            message.Add([.. site]);
            count += site.Length;
        }

        yield return message;
    }

    private async Task<(bool Known, List<(List<PageReport> Said, SiteTold Told)> Sites)> SendAsync(
        Report report, List<List<PageReport>> sites, int number, CancellationToken cancellationToken)
    {
        var said = new GatewaySaid(report.GatewayId, new MostCounted(limits.Sites, limits.Pages), [.. sites.Select(site => Say(report, site))]);
        var told = await link.AskAsync(cluster => cluster.GetGrain<IEntryGrain>(number % Entries).ReportAsync(said), cancellationToken);
        return (told.Known, [.. sites.Zip(told.Sites)]);
    }

    private SiteSaid Say(Report report, List<PageReport> pages)
    {
        var site = pages[0].Page.Site;
        return new SiteSaid(
            site,
            report.MostPagesOf(site, limits.PagesPerSite),
            [.. pages.Select(p => new PageSaid(p.Page.Path, p.Opened, p.Sequence, p.Viewers, p.Arrivals, seen.Of(CountKey.ForPage(p.Page))))],
            seen.Of(CountKey.ForSite(site)));
    }

    private ReportReply Join(List<PageReport> pages, List<(List<PageReport> Said, SiteTold Told)> sites)
    {
        var totals = new Dictionary<PageKey, Total>();
        var ofSites = new Dictionary<string, Total>();
        foreach (var (said, told) in sites)
        {
            foreach (var (page, number) in said.Zip(told.Pages))
            {
                if (number is { } known)
                {
                    totals[page.Page] = new Total(CountKey.ForPage(page.Page), known.Version, known.Viewers);
                    seen.LearnPage(page.Page, known, page.Viewers > 0);
                }
                else
                {
                    seen.LearnPage(page.Page, default, hasViewers: false);
                }
            }

            if (told.Total is { } sum && (!ofSites.TryGetValue(said[0].Page.Site, out var other) || other.Version < sum.Version))
            {
                var key = CountKey.ForSite(said[0].Page.Site);
                ofSites[key.Site] = new Total(key, sum.Version, sum.Viewers);
                seen.LearnSite(key.Site, sum);
            }
        }

        return new ReportReply(
            [
                .. pages.Where(p => totals.ContainsKey(p.Page)).Select(p => totals[p.Page]),
                .. pages.Select(p => p.Page.Site).Distinct().Where(ofSites.ContainsKey).Select(s => ofSites[s]),
            ],
            [.. pages.Where(p => !totals.ContainsKey(p.Page)).Select(p => p.Page)]);
    }
}
