using Counter.Counting.Pages;
using Counter.Gateway.Links;
using Counter.Gateway.Tests.Support;
using Counter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Counter.Gateway.Tests.Links;

/// <summary>Gateways of one cluster, on one machine and with one clock, each behind a cable.</summary>
internal sealed class LinkedGateways : IAsyncDisposable
{
    private readonly List<RunningGateway> gateways = [];
    private readonly List<Cable> cables = [];
    private readonly LocalCluster cluster;

    private LinkedGateways(LocalCluster cluster, ManualTimeProvider clock) => (this.cluster, Clock) = (cluster, clock);

    public ManualTimeProvider Clock { get; }

    public LogRecorder Log { get; } = new();

    public RunningGateway this[int i] => gateways[i];

    /// <summary>What carries the links to a gateway.</summary>
    public Cable CableTo(int i) => cables[i];

    /// <summary>Starts so many, and waits until each hears all others.</summary>
    public static async Task<LinkedGateways> StartAsync(int count, params string[] settings)
    {
        var clock = new ManualTimeProvider();
        var linked = new LinkedGateways(await LocalCluster.StartAsync(clock), clock);
        for (var i = 0; i < count; i++)
        {
            await linked.AddAsync(settings);
        }

        await linked.AdvanceUntilAsync(() => Enumerable.Range(0, count).All(i => linked.Heard(i) == count - 1), "all gateways to hear each other");
        return linked;
    }

    /// <summary>How many others a gateway hears.</summary>
    public int Heard(int i) => gateways[i].App.Services.GetRequiredService<LinkKeeper>().Heard;

    /// <summary>The distinct visitors of a site.</summary>
    public int Visitors(string site = "example.com") => cluster.Cluster.GetAsync(CountKey.ForVisitors(site), CancellationToken.None).AsTask().GetAwaiter().GetResult().Viewers;

    /// <summary>Opens a page's picture at a gateway as a browser does; time passes, so that whatever was pushed just before does not matter.</summary>
    public async Task<RawClient> LookAsync(int i, string page, string agent, string path = "/online.png")
    {
        var look = gateways[i].LookAsync(page, path, agent);
        await AdvanceUntilAsync(() => look.IsCompleted, "the picture to begin");
        return await look;
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

        cables.ForEach(cable => cable.Dispose());
        await cluster.DisposeAsync();
    }

    private async Task AddAsync(string[] settings)
    {
        var cable = new Cable();
        cables.Add(cable);
        var gateway = await RunningGateway.StartAsync(
            Log, Clock, services => services.AddSingleton(cluster.Connect()), [.. settings, "--Cluster:Address=" + cable.Address]);
        cable.Gateway = gateway.Address;
        gateways.Add(gateway);
    }
}
