using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Tests.Support;
using Xunit;

namespace Counter.Tests.Contract;

/// <summary>The contract of every engine. The test project of each engine derives its tests from these classes.</summary>
public abstract class ClusterContract : IAsyncLifetime
{
    private IEngine? engine;
    private readonly Dictionary<string, TestGateway> gateways = [];

    protected static PageKey Home { get; } = new("example.com", "/");

    protected static PageKey Second { get; } = new("example.com", "/second");

    protected static PageKey Foreign { get; } = new("other.org", "/");

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected virtual EngineSetup Setup => EngineSetup.Default;

    protected IEngine Engine => engine!;

    protected ICluster Cluster => Engine.Cluster;

    protected ICluster Other => Engine.Other;

    public async ValueTask InitializeAsync() => engine = await StartAsync(Setup);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (engine is not null)
        {
            await engine.DisposeAsync();
        }
    }

    /// <summary>Starts an empty engine, or skips the test where the engine is not available.</summary>
    protected abstract ValueTask<IEngine> StartAsync(EngineSetup setup);

    /// <summary>The state of a page at a gateway. By default the arrivals are the current viewers.</summary>
    protected static PageState Viewers(PageKey page, int viewers, long? arrivals = null) => new(page, viewers, arrivals ?? Math.Max(0, viewers));

    /// <summary>Reports the state of pages from a known gateway. Refused pages have no viewers afterwards.</summary>
    protected Task<ReportResult> ReportAsync(string gateway, params PageState[] pages) => ReportAsync(Cluster, gateway, pages);

    /// <summary>Reports the state of pages through one of the clusters.</summary>
    protected async Task<ReportResult> ReportAsync(ICluster cluster, string id, params PageState[] pages)
    {
        var gateway = Gateway(id);
        foreach (var page in pages)
        {
            gateway.Set(page);
        }

        Assert.True(await gateway.SendAsync(cluster));
        await Engine.SettleAsync();
        var refused = new List<PageKey>();
        foreach (var state in pages.Where(page => page.Viewers > 0))
        {
            if ((await cluster.GetAsync(CountKey.ForPage(state.Page), Stop)).Since is null)
            {
                refused.Add(state.Page);
                gateway.Set(state with { Viewers = 0 });
            }
        }

        await gateway.SendAsync(cluster);
        await Engine.SettleAsync();
        var totals = new List<CountUpdate>();
        foreach (var key in pages.Select(state => state.Page).Where(page => !refused.Contains(page)).Select(CountKey.ForPage)
            .Concat(pages.Where(page => !refused.Contains(page.Page)).Select(state => CountKey.ForSite(state.Page.Site)).Distinct()))
        {
            totals.Add(await gateway.AskAsync(cluster, key));
        }

        return new ReportResult(totals, refused);
    }

    /// <summary>Renews the lease of a gateway and reports the state of pages from it.</summary>
    protected async Task<ReportResult> JoinAsync(string gateway, params PageState[] pages)
    {
        await RenewAsync(gateway);
        return await ReportAsync(gateway, pages);
    }

    /// <summary>The test gateway with an id, created on the first call.</summary>
    protected TestGateway Gateway(string id)
    {
        lock (gateways)
        {
            return gateways.TryGetValue(id, out var known)
                ? known
                : gateways[id] = new TestGateway(id, new CountLimits(Setup.Sites, Setup.Pages, Setup.PagesPerSite), TimeProvider.System);
        }
    }

    protected ValueTask<bool> RenewAsync(string gateway, string name = "machine", GatewayLoad? load = null, bool isWatched = false) => Cluster.RenewAsync(
        new GatewayState(gateway, name, "1.0.0", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), Streams: 7, Viewers: 5, load, isWatched), Stop);

    protected ValueTask<CountStatus> PageAsync(PageKey page) => Other.GetAsync(CountKey.ForPage(page), Stop);

    protected ValueTask<CountStatus> SiteAsync(string site = "example.com") => Other.GetAsync(CountKey.ForSite(site), Stop);

    protected ValueTask AdvanceAsync(double seconds) => Engine.AdvanceAsync(TimeSpan.FromSeconds(seconds));

    /// <summary>The result of a report.</summary>
    /// <param name="Totals">The numbers of the accepted pages and of their sites.</param>
    /// <param name="Refused">The refused pages.</param>
    protected sealed record ReportResult(IReadOnlyList<CountUpdate> Totals, IReadOnlyList<PageKey> Refused);
}
