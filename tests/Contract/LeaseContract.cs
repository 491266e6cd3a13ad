using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Xunit;

namespace Counter.Tests.Contract;

/// <summary>Viewers count while the lease of their gateway is valid.</summary>
public abstract class LeaseContract : ClusterContract
{
    [Fact]
    public async Task A_gateway_whose_lease_expires_loses_its_viewers()
    {
        await JoinAsync("a", Viewers(Home, 2), Viewers(Second, 1));
        await JoinAsync("b", Viewers(Home, 3));
        await AdvanceAsync(10);
        await RenewAsync("b");
        Assert.Equal(6, (await SiteAsync()).Viewers);
        await AdvanceAsync(6);
        Assert.Equal((3, 0, 3), ((await PageAsync(Home)).Viewers, (await PageAsync(Second)).Viewers, (await SiteAsync()).Viewers));
        Assert.Equal((6, 6L), ((await SiteAsync()).Peak, (await SiteAsync()).Arrivals));
        Assert.Equal(["b"], (await Cluster.ListGatewaysAsync(Stop)).Select(g => g.State.Id));
    }

    [Fact]
    public async Task Renewing_a_lease_keeps_all_reported_viewers()
    {
        await JoinAsync("g", Viewers(Home, 2), Viewers(Foreign, 1));
        for (var i = 0; i < 10; i++)
        {
            await AdvanceAsync(5);
            Assert.True(await RenewAsync("g"));
        }

        Assert.Equal((2, 1), ((await PageAsync(Home)).Viewers, (await SiteAsync("other.org")).Viewers));
    }

    [Fact]
    public async Task Renewing_returns_false_for_an_unknown_or_expired_gateway()
    {
        Assert.False(await RenewAsync("g"));
        Assert.True(await RenewAsync("g"));
        await ReportAsync("g", Viewers(Home, 2));
        await AdvanceAsync(16);
        Assert.False(await RenewAsync("g"));
        Assert.Equal(0, (await PageAsync(Home)).Viewers);
        Assert.True(await RenewAsync("g"));
    }

    [Fact]
    public async Task A_batch_of_an_unknown_gateway_is_refused()
    {
        Gateway("stranger").Set(Viewers(Home, 2));
        Assert.False(await Gateway("stranger").SendAsync(Cluster));
        await Engine.SettleAsync();
        Assert.Equal((0, 0L), ((await SiteAsync()).Viewers, (await SiteAsync()).Arrivals));
        await RenewAsync("stranger");
        Assert.Equal(2, (await ReportAsync("stranger", Viewers(Home, 2))).Totals[0].Viewers);
    }

    [Fact]
    public async Task A_batch_delayed_longer_than_the_lease_restores_no_viewers()
    {
        await JoinAsync("paused", Viewers(Home, 2));
        await AdvanceAsync(40);
        Gateway("paused").Set(Viewers(Home, 3));
        Assert.False(await Gateway("paused").SendAsync(Cluster));
        Assert.Equal(0, (await SiteAsync()).Viewers);

        // The gateway resumes and reports its current streams.
        Assert.False(await RenewAsync("paused"));
        await ReportAsync("paused", Viewers(Home, 1, arrivals: 4));
        Assert.Equal((1, 3L), ((await SiteAsync()).Viewers, (await SiteAsync()).Arrivals));
    }

    [Fact]
    public async Task A_gateway_that_returns_counts_its_arrivals_once()
    {
        await JoinAsync("g", Viewers(Home, 2, arrivals: 5));
        await AdvanceAsync(60);
        await JoinAsync("g", Viewers(Home, 3, arrivals: 6));
        Assert.Equal((3, 6L), ((await PageAsync(Home)).Viewers, (await PageAsync(Home)).Arrivals));
    }

    [Fact]
    public async Task A_gateway_that_leaves_loses_its_viewers_at_once()
    {
        await JoinAsync("g", Viewers(Home, 2));
        await JoinAsync("h", Viewers(Home, 1));
        await Cluster.LeaveAsync("g", Stop);
        Assert.Equal((1, 1), ((await PageAsync(Home)).Viewers, (await SiteAsync()).Viewers));
        Assert.Equal(["h"], (await Cluster.ListGatewaysAsync(Stop)).Select(g => g.State.Id));
        Gateway("g").Set(Viewers(Home, 3));
        Assert.False(await Gateway("g").SendAsync(Cluster));
        await Cluster.LeaveAsync("stranger", Stop);
    }

    [Fact]
    public async Task Gateways_are_listed_by_name_with_their_last_state()
    {
        var load = new GatewayLoad(FramesPerSecond: 1.5, BytesPerSecond: 900, Processor: 12.5, Resident: 1 << 30);
        await RenewAsync("1", "zebra", load, isWatched: true);
        await AdvanceAsync(1);
        await RenewAsync("2", "Ant");
        await RenewAsync("3", "ant");
        var gateways = await Other.ListGatewaysAsync(Stop);
        Assert.Equal(["Ant", "ant", "zebra"], gateways.Select(g => g.State.Name));
        Assert.Equal(
            new GatewayStatus(new GatewayState("1", "zebra", "1.0.0", new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), 7, 5, load, true), Engine.Now.AddSeconds(-1)),
            gateways[^1]);
    }

    [Fact]
    public async Task History_shows_when_a_lease_expired()
    {
        await JoinAsync("g", Viewers(Home, 4));
        await AdvanceAsync(30);
        var now = Engine.Now;
        var points = await Cluster.GetHistoryAsync(CountKey.ForPage(Home), Counting.History.HistoryStep.Minute, now.AddMinutes(-1), now, Stop);
        Assert.Equal(4 * 15 / 30.0, points[^1].Mean);
        Assert.Equal((4, 4L), (points[^1].Peak, points[^1].Arrivals));
    }
}
