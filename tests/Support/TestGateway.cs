using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Xunit;

namespace Counter.Tests.Support;

/// <summary>A gateway whose viewers a test sets. Each stream has a visitor of its own.</summary>
/// <param name="id">The id of the gateway.</param>
/// <param name="limits">The limits of the counted pages and sites.</param>
/// <param name="clock">The clock that times the streams.</param>
public sealed class TestGateway(string id, CountLimits limits, TimeProvider clock)
{
    private readonly Dictionary<string, SiteStreams> sites = [];
    private readonly Dictionary<PageKey, Stack<StreamEntry>> open = [];
    private readonly Dictionary<PageKey, long> arrivals = [];
    private long batches;
    private long streams;

    /// <summary>The most pages of each site that has its own limit.</summary>
    public Dictionary<string, int> MostPages { get; } = [];

    /// <summary>Opens and closes streams until a page has these viewers and arrivals.</summary>
    public void Set(PageState state)
    {
        var site = Of(state.Page.Site);
        site.Show(CountKey.ForPage(state.Page));
        site.Show(CountKey.ForSite(state.Page.Site));
        var viewers = open.TryGetValue(state.Page, out var known) ? known : open[state.Page] = [];
        for (var more = state.Arrivals - arrivals.GetValueOrDefault(state.Page) - Math.Max(0, state.Viewers - viewers.Count); more > 0; more--)
        {
            site.Close(Open(site, state.Page));
        }

        while (viewers.Count < state.Viewers)
        {
            viewers.Push(Open(site, state.Page));
        }

        while (viewers.Count > state.Viewers)
        {
            site.Close(viewers.Pop());
        }
    }

    /// <summary>Sends the pending batches of some sites, or of all.</summary>
    /// <returns>False when the cluster does not know this gateway.</returns>
    public async Task<bool> SendAsync(ICluster cluster, IEnumerable<string>? which = null)
    {
        foreach (var name in which ?? sites.Keys)
        {
            var site = Of(name);
            while ((site.TakeAgain() ?? site.TakeBatch()) is { } batch)
            {
                var reply = await cluster.SendAsync(name, batch, TestContext.Current.CancellationToken);
                site.Answer(reply);
                if (reply.Status == BatchStatus.UnknownGateway)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Renews the lease, reports the state of a page, and waits until the page has the new number.</summary>
    public async Task ReportAsync(ICluster cluster, PageKey page, int viewers, long arrivals = 0)
    {
        await cluster.RenewAsync(new GatewayState(id, id, "1.0.0", clock.GetUtcNow(), viewers, viewers), CancellationToken.None);
        Set(new PageState(page, viewers, arrivals));
        Assert.True(await SendAsync(cluster));
        var total = await AskAsync(cluster, CountKey.ForPage(page));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await cluster.GetAsync(CountKey.ForPage(page), CancellationToken.None)).Viewers != total.Viewers)
        {
            await Task.Delay(1, deadline.Token);
        }
    }

    /// <summary>Checks with the presence of every site, as after the loss of a silo.</summary>
    public Task<bool> CheckAsync(ICluster cluster)
    {
        foreach (var site in sites.Values)
        {
            site.Check(asksAll: false);
        }

        return SendAsync(cluster);
    }

    /// <summary>Requests a number from the presence of its site.</summary>
    public async Task<CountUpdate> AskAsync(ICluster cluster, CountKey key)
    {
        var site = Of(key.Site);
        site.Show(key);
        while (true)
        {
            site.Check(asksAll: true);
            var reply = await cluster.SendAsync(key.Site, site.TakeAgain() ?? site.TakeBatch()!, TestContext.Current.CancellationToken);
            site.Answer(reply);
            Assert.NotEqual(BatchStatus.UnknownGateway, reply.Status);
            foreach (var number in reply.Numbers.Where(number => number.Key == key))
            {
                return number with { Activation = 0 };
            }
        }
    }

    private StreamEntry Open(SiteStreams site, PageKey page)
    {
        arrivals[page] = arrivals.GetValueOrDefault(page) + 1;
        var visitor = new VisitorKey(page.Site, IdentityKind.None, (ulong)Random.Shared.NextInt64());
        var entry = new StreamEntry(++streams, new StreamOrigin(page, visitor, "/online.png") { Settles = SettledBy.Itself }, new Nobody(), clock.GetTimestamp());
        site.Open(entry);
        return entry;
    }

    private SiteStreams Of(string site)
    {
        if (!sites.TryGetValue(site, out var known))
        {
            sites[site] = known = new SiteStreams(id, site, () => ++batches, clock);
        }

        known.Limits = MostPages.TryGetValue(site, out var most) ? limits with { PagesPerSite = most } : limits;
        return known;
    }

    private sealed class Nobody : IOpenResponse
    {
        public void Probe(Action written) => written();

        public void End()
        {
        }
    }
}
