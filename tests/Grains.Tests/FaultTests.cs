using System.Diagnostics;
using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Gateway.Tests.Support;
using Counter.Grains.Tests.Support;
using Counter.Tests.Contract;
using Xunit;

namespace Counter.Grains.Tests;

/// <summary>After silos and gateways are killed the numbers recover by themselves.</summary>
public sealed class FaultTests : ClusterContract
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private OrleansEngine silos = null!;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_killed_silo_loses_no_viewer(bool ofRegistry)
    {
        PageKey[] pages = [.. Enumerable.Range(0, 60).Select(i => new PageKey($"site{i % 12}.example", $"/{i}"))];
        await RenewAsync("g");
        await ReportAsync("g", [.. pages.Select((page, i) => Viewers(page, i + 1))]);
        var registry = await silos.WhereAsync(silos.Client.GetGrain<Gateways.IGatewayRegistryGrain>(0));
        await silos.Silos.KillSiloAsync(silos.Silos.Silos.First(silo => silo.SiloAddress.Equals(registry) == ofRegistry));

        // As a gateway does: it renews its lease, and checks presences when it has to, until they answer.
        var watch = Stopwatch.StartNew();
        var (asked, taken) = (false, false);
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!taken && watch.Elapsed < Deadline)
        {
            try
            {
                asked |= !await RenewAsync("g");
                taken = asked && await Gateway("g").CheckAsync(Cluster);
            }
            catch (ClusterUnavailableException)
            {
                // Until the silo is given up, what was there does not answer.
            }

            await beat.WaitForNextTickAsync(Stop);
        }

        Assert.True(taken, "Nobody asked for the streams again.");
        for (var i = 0; i < 4; i++)
        {
            await AdvanceAsync(5);
            await RenewAsync("g");
        }

        foreach (var (i, page) in pages.Index())
        {
            await Wait.UntilAsync(async () => (await PageAsync(page)).Viewers == i + 1, "a page to be reported again");
        }

        await Wait.UntilAsync(
            async () =>
            {
                await AdvanceAsync(1);
                await RenewAsync("g");
                return await Cluster.GetTotalsAsync(Stop) is { Viewers: 60 * 61 / 2, ActivePages: 60, Sites: 12 };
            },
            "sites and pages to be reported again");
    }

    [Fact]
    public async Task A_killed_gateway_loses_its_viewers_and_blocks_no_other()
    {
        await JoinAsync("dead", Viewers(Home, 2));
        await silos.Silos.KillClientAsync();
        await silos.Silos.InitializeClientAsync();

        await RenewAsync("alive");
        for (var i = 1; i <= 20; i++)
        {
            Assert.Equal(i + 2, (await ReportAsync("alive", Viewers(Home, i, arrivals: i))).Totals[0].Viewers);
        }

        await AdvanceAsync(10);
        await RenewAsync("alive");
        await AdvanceAsync(6);
        Assert.Equal((20, 20), ((await PageAsync(Home)).Viewers, (await SiteAsync()).Viewers));
    }

    [Fact]
    public async Task A_new_registry_expires_no_live_gateway()
    {
        await JoinAsync("g", Viewers(Home, 2));
        await silos.RestRegistryAsync();
        await AdvanceAsync(3);
        Assert.Equal(2, (await PageAsync(Home)).Viewers);
        Assert.False(await RenewAsync("g"));
        await AdvanceAsync(14);
        Assert.Equal(2, (await PageAsync(Home)).Viewers);
        await AdvanceAsync(2);
        Assert.Equal(0, (await PageAsync(Home)).Viewers);
    }

    [Fact]
    public async Task A_gateway_that_leaves_a_new_registry_is_removed_at_once()
    {
        await JoinAsync("g", Viewers(Home, 2));
        await JoinAsync("other", Viewers(Home, 1));
        await silos.RestRegistryAsync();
        await Cluster.LeaveAsync("g", Stop);
        Assert.Equal((1, 1), ((await PageAsync(Home)).Viewers, (await SiteAsync()).Viewers));
        await AdvanceAsync(1);
        Assert.Equal(1, (await PageAsync(Home)).Viewers);

        // It may come again.
        Assert.False(await RenewAsync("g"));
        await ReportAsync("g", Viewers(Home, 4));
        await AdvanceAsync(1);
        Assert.Equal(5, (await PageAsync(Home)).Viewers);
    }

    protected override async ValueTask<IEngine> StartAsync(EngineSetup setup) => silos = await OrleansEngine.StartAsync(setup);
}
