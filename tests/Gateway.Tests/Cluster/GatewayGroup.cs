using Counter.Counting.Pages;
using Counter.Gateway.Tests.Support;
using Counter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Counter.Gateway.Tests.Cluster;

/// <summary>Gateways of one cluster, on one machine and with one clock.</summary>
internal sealed class GatewayGroup : IAsyncDisposable
{
    private readonly List<RunningGateway> gateways = [];
    private readonly LocalCluster cluster;

    private GatewayGroup(LocalCluster cluster, ManualTimeProvider clock) => (this.cluster, Clock) = (cluster, clock);

    public ManualTimeProvider Clock { get; }

    public LogRecorder Log { get; } = new();

    public RunningGateway this[int i] => gateways[i];

    /// <summary>Starts so many.</summary>
    public static async Task<GatewayGroup> StartAsync(int count, params string[] settings)
    {
        var clock = new ManualTimeProvider();
        var group = new GatewayGroup(await LocalCluster.StartAsync(clock), clock);
        for (var i = 0; i < count; i++)
        {
            await group.AddAsync(settings);
        }

        return group;
    }

    /// <summary>The distinct visitors of a site.</summary>
    public int Visitors(string site = "example.com") => cluster.Cluster.GetAsync(CountKey.ForVisitors(site), CancellationToken.None).AsTask().GetAwaiter().GetResult().Viewers;

    /// <summary>Opens a page's picture at a gateway as a browser does; time passes, so that whatever was pushed just before does not matter.</summary>
    public async Task<RawClient> ViewAsync(int i, string page, string agent, string path = "/online.png")
    {
        var style = gateways[i].ViewAsync(page, path, agent);
        await AdvanceUntilAsync(() => style.IsCompleted, "the picture to begin");
        return await style;
    }

    public Task AdvanceUntilAsync(Func<bool> done, string what) => gateways[0].AdvanceUntilAsync(done, what);

    /// <summary>Moves the clock on until every gateway says so many.</summary>
    public async Task AdvanceUntilCountAsync(string page, int viewers, TimeSpan within)
    {
        foreach (var gateway in gateways)
        {
            await gateway.AdvanceUntilCountAsync(page, viewers, within);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in gateways)
        {
            await gateway.DisposeAsync();
        }

        await cluster.DisposeAsync();
    }

    private async Task AddAsync(string[] settings)
    {
        var gateway = await RunningGateway.StartAsync(
            Log, Clock, services => services.AddSingleton(cluster.Connect()), settings);
        gateways.Add(gateway);
    }
}
