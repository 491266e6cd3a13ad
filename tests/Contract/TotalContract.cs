using Counter.Counting.History;
using Counter.Counting.Pages;
using Xunit;

namespace Counter.Tests.Contract;

/// <summary>Totals of pages and sites are published to the gateways that show them, and equal the stored ones.</summary>
public abstract class TotalContract : ClusterContract
{
    private const string Kathmandu = "Asia/Kathmandu";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Totals_equal_the_stored_totals_of_pages_and_sites()
    {
        await JoinAsync("a", Viewers(Home, 2, arrivals: 5), Viewers(Second, 1));
        await ReportAsync("a", Viewers(Home, 1, arrivals: 5));
        await JoinAsync("b", Viewers(Home, 0));
        Assert.Equal((5, 5, 2), await TotalsAsync("b", Home.Path));
        Assert.Equal((6, 6, 3), await TotalsAsync("b", ""));
        Assert.Equal((5L, 2), ((await PageAsync(Home)).Arrivals, (await PageAsync(Home)).Peak));
        Assert.Equal((6L, 3), ((await SiteAsync()).Arrivals, (await SiteAsync()).Peak));
    }

    [Fact]
    public async Task Totals_rise_at_every_gateway_that_shows_them()
    {
        await JoinAsync("a", Viewers(Home, 1));
        await JoinAsync("b", Viewers(Second, 1));
        Assert.Equal((1, 1, 1), await TotalsAsync("a", Home.Path));
        Assert.Equal((2, 2, 2), await TotalsAsync("b", ""));
        await ReportAsync(Other, "b", Viewers(Home, 3));
        await UntilAsync("a", Home.Path, (4, 4, 4));
        await UntilAsync("b", "", (5, 5, 5));
    }

    [Fact]
    public async Task An_unknown_page_has_no_totals()
    {
        await RenewAsync("a");
        Assert.Equal((0, 0, 0), await TotalsAsync("a", "/never"));
        Assert.Equal((0, 0, 0), await TotalsAsync("a", ""));
        Assert.False(await Cluster.DeleteAsync(CountKey.ForSite("example.com"), Stop));
    }

    [Fact]
    public async Task Today_begins_at_midnight_of_the_requested_zone()
    {
        // Midnight in Kathmandu is a quarter past six in the evening; engines begin at noon.
        await AdvanceAsync((6.25 * 3600) - 15);
        await JoinAsync("a", Viewers(Home, 1));
        Assert.Equal((1, 1), (await AskAsync("a", Today("UTC")), await AskAsync("a", Today(Kathmandu))));
        for (var i = 0; i < 2; i++)
        {
            await AdvanceAsync(10);
            await RenewAsync("a");
        }

        await UntilAsync("a", Today(Kathmandu), 0);
        await ReportAsync("a", Viewers(Home, 2));
        Assert.Equal((2, 1), (await AskAsync("a", Today("UTC")), await AskAsync("a", Today(Kathmandu))));
        var day = ZoneDay.Of(ZoneDay.FindZone(Kathmandu)!, Engine.Now);
        Assert.Equal(1, (await Cluster.GetHistoryAsync(CountKey.ForPage(Home), HistoryStep.Quarter, day.Start, day.End, Stop)).ArrivalsSince(day.Start));
        Assert.Equal(2, await AskAsync("a", CountKey.ForTotal(CountOf.Arrivals, Home.Site, Home.Path)));
    }

    [Fact]
    public async Task A_reset_is_published()
    {
        await JoinAsync("a", Viewers(Home, 2, arrivals: 5), Viewers(Second, 1));
        Assert.Equal((5, 5, 2), await TotalsAsync("a", Home.Path));
        Assert.Equal((6, 6, 3), await TotalsAsync("a", ""));
        await AdvanceAsync(1);
        Assert.True(await Cluster.ResetAsync(CountKey.ForPage(Home), Stop));
        await UntilAsync("a", Home.Path, (0, 0, 2));
        Assert.Equal((6, 6, 3), await TotalsAsync("a", ""));
        await AdvanceAsync(1);
        Assert.True(await Cluster.ResetAsync(CountKey.ForSite("example.com"), Stop));
        await UntilAsync("a", "", (0, 0, 3));
    }

    private static CountKey Today(string zone, string path = "/") => CountKey.ForTotal(CountOf.Today, Home.Site, path, zone);

    private async Task<long> AskAsync(string gateway, CountKey key) => (await Gateway(gateway).AskAsync(Cluster, key)).Viewers;

    private async Task<(long Arrivals, long Today, long Peak)> TotalsAsync(string gateway, string path) => (
        await AskAsync(gateway, CountKey.ForTotal(CountOf.Arrivals, Home.Site, path)), await AskAsync(gateway, Today("UTC", path)),
        await AskAsync(gateway, CountKey.ForTotal(CountOf.Peak, Home.Site, path)));

    private Task UntilAsync(string gateway, string path, (long, long, long) totals) => UntilAsync(() => TotalsAsync(gateway, path), totals);

    private Task UntilAsync(string gateway, CountKey key, long total) => UntilAsync(() => AskAsync(gateway, key), total);

    /// <summary>Presences get reports in the background.</summary>
    private static async Task UntilAsync<T>(Func<Task<T>> ask, T expected)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!Equals(await ask(), expected))
        {
            await Task.Delay(5, deadline.Token);
        }
    }
}
