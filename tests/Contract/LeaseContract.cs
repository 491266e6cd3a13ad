using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Xunit;

namespace Counter.Tests.Contract;

/// <summary>Viewers last as long as their gateway is heard.</summary>
public abstract class LeaseContract : ClusterContract
{
    [Fact]
    public async Task A_gateway_that_is_not_heard_loses_its_viewers()
    {
        await JoinAsync("a", Say(Home, 2), Say(Second, 1));
        await JoinAsync("b", Say(Home, 3));
        await AdvanceAsync(10);
        await RenewAsync("b");
        Assert.Equal(6, (await SiteAsync()).Viewers);
        await AdvanceAsync(6);
        Assert.Equal((3, 0, 3), ((await PageAsync(Home)).Viewers, (await PageAsync(Second)).Viewers, (await SiteAsync()).Viewers));
        Assert.Equal((6, 6L), ((await SiteAsync()).Peak, (await SiteAsync()).Arrivals));
        Assert.Equal(["b"], (await Cluster.ListGatewaysAsync(Stop)).Select(g => g.State.Id));
    }

    [Fact]
    public async Task Renewing_holds_everything_that_was_reported()
    {
        await JoinAsync("g", Say(Home, 2), Say(Foreign, 1));
        for (var i = 0; i < 10; i++)
        {
            await AdvanceAsync(5);
            Assert.True(await RenewAsync("g"));
        }

        Assert.Equal((2, 1), ((await PageAsync(Home)).Viewers, (await SiteAsync("other.org")).Viewers));
    }

    [Fact]
    public async Task Renewing_tells_a_gateway_that_is_not_known_or_was_given_up()
    {
        Assert.False(await RenewAsync("g"));
        Assert.True(await RenewAsync("g"));
        await ReportAsync("g", Say(Home, 2));
        await AdvanceAsync(16);
        Assert.False(await RenewAsync("g"));
        Assert.Equal(0, (await PageAsync(Home)).Viewers);
        Assert.True(await RenewAsync("g"));
    }

    [Fact]
    public async Task Of_a_gateway_that_is_not_known_nothing_is_taken()
    {
        var reply = await Cluster.ReportAsync(new Report("stranger", [Say(Home, 2)]), Stop);
        Assert.False(reply.Known);
        Assert.Empty(reply.Totals);
        Assert.Empty(reply.Refused);
        Assert.Equal((0, 0L), ((await SiteAsync()).Viewers, (await SiteAsync()).Arrivals));
    }

    [Fact]
    public async Task A_report_about_nothing_tells_a_gateway_too_that_it_is_not_known_or_was_given_up()
    {
        Assert.False((await Cluster.ReportAsync(new Report("g", []), Stop)).Known);
        await RenewAsync("g");
        Assert.True((await Cluster.ReportAsync(new Report("g", []), Stop)).Known);
        await AdvanceAsync(16);
        Assert.False((await Cluster.ReportAsync(new Report("g", []), Stop)).Known);
    }

    [Fact]
    public async Task A_report_that_was_under_way_longer_than_the_lease_brings_no_viewers_back()
    {
        await JoinAsync("paused", new PageReport(Home, 1, 2, 2, 2));
        await AdvanceAsync(40);
        var late = await Cluster.ReportAsync(new Report("paused", [new PageReport(Home, 1, 3, 3, 3)]), Stop);
        Assert.False(late.Known);
        Assert.Equal(0, (await SiteAsync()).Viewers);

        // It comes back, and then something arrives that it said before.
        Assert.False(await RenewAsync("paused"));
        await ReportAsync("paused", new PageReport(Home, 1, 5, 1, 4));
        await ReportAsync("paused", new PageReport(Home, 1, 4, 3, 3));
        Assert.Equal((1, 4L), ((await SiteAsync()).Viewers, (await SiteAsync()).Arrivals));
    }

    [Fact]
    public async Task Arrivals_are_not_counted_again_when_a_gateway_comes_back()
    {
        await JoinAsync("g", new PageReport(Home, 1, 2, 2, 5));
        await AdvanceAsync(60);
        await JoinAsync("g", new PageReport(Home, 1, 3, 2, 6));
        Assert.Equal((2, 6L), ((await PageAsync(Home)).Viewers, (await PageAsync(Home)).Arrivals));
    }

    [Fact]
    public async Task A_gateway_that_leaves_takes_its_viewers_along_at_once()
    {
        await JoinAsync("g", Say(Home, 2));
        await JoinAsync("h", Say(Home, 1));
        await Cluster.LeaveAsync("g", Stop);
        Assert.Equal((1, 1), ((await PageAsync(Home)).Viewers, (await SiteAsync()).Viewers));
        Assert.Equal(["h"], (await Cluster.ListGatewaysAsync(Stop)).Select(g => g.State.Id));
        Assert.False((await Cluster.ReportAsync(new Report("g", [Say(Home, 3)]), Stop)).Known);
        await Cluster.LeaveAsync("stranger", Stop);
    }

    [Fact]
    public async Task Gateways_are_listed_by_name_as_they_last_described_themselves()
    {
        await RenewAsync("1", "zebra");
        await AdvanceAsync(1);
        await RenewAsync("2", "Ant");
        await RenewAsync("3", "ant");
        var gateways = await Other.ListGatewaysAsync(Stop);
        Assert.Equal(["Ant", "ant", "zebra"], gateways.Select(g => g.State.Name));
        Assert.Equal(
            new GatewayStatus(new GatewayState("1", "zebra", "1.0.0", new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), 7, 5, "http://10.0.0.5:9192"), Engine.Now.AddSeconds(-1)),
            gateways[^1]);
    }

    [Fact]
    public async Task The_end_of_a_lease_is_in_the_history_when_it_was()
    {
        await JoinAsync("g", Say(Home, 4));
        await AdvanceAsync(30);
        var now = Engine.Now;
        var points = await Cluster.GetHistoryAsync(CountKey.ForPage(Home), Counting.History.HistoryStep.Minute, now.AddMinutes(-1), now, Stop);
        Assert.Equal(4 * 15 / 30.0, points[^1].Mean);
        Assert.Equal((4, 4L), (points[^1].Peak, points[^1].Arrivals));
    }
}
