using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Xunit;

namespace Counter.Tests.Contract;

/// <summary>What every engine of a cluster does. Each engine's test project derives its tests from these classes.</summary>
public abstract class ClusterContract : IAsyncLifetime
{
    private IEngine? engine;
    private long sequence;

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

    /// <summary>Makes an engine with nothing in it, or skips the test when there can be none here.</summary>
    protected abstract ValueTask<IEngine> StartAsync(EngineSetup setup);

    /// <summary>What a gateway says of a page that it holds since its first report.</summary>
    protected PageReport Say(PageKey page, int viewers, long? arrivals = null) => new(page, 1, ++sequence, viewers, arrivals ?? Math.Max(0, viewers));

    /// <summary>A gateway that is known reports.</summary>
    protected async Task<ReportReply> ReportAsync(string gateway, params PageReport[] pages)
    {
        var reply = await Cluster.ReportAsync(new Report(gateway, pages), Stop);
        Assert.True(reply.Known);
        return reply;
    }

    /// <summary>A gateway says that it lives, and reports.</summary>
    protected async Task<ReportReply> JoinAsync(string gateway, params PageReport[] pages)
    {
        await RenewAsync(gateway);
        return await ReportAsync(gateway, pages);
    }

    protected ValueTask<bool> RenewAsync(string gateway, string name = "machine") => Cluster.RenewAsync(
        new GatewayState(gateway, name, "1.0.0", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), Streams: 7, Viewers: 5, "http://10.0.0.5:9192"), Stop);

    protected ValueTask<CountStatus> PageAsync(PageKey page) => Other.GetAsync(CountKey.ForPage(page), Stop);

    protected ValueTask<CountStatus> SiteAsync(string site = "example.com") => Other.GetAsync(CountKey.ForSite(site), Stop);

    protected ValueTask AdvanceAsync(double seconds) => Engine.AdvanceAsync(TimeSpan.FromSeconds(seconds));
}
