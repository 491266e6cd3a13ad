using Counter.Counting.Cluster;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Tests.Support;
using Xunit;

namespace Counter.Tests.Contract;

/// <summary>The cluster computes the numbers from the gateways' reports of their streams.</summary>
public abstract class ReportContract : ClusterContract
{
    [Fact]
    public async Task Reports_of_a_gateway_become_the_numbers_of_pages_and_sites()
    {
        var reply = await JoinAsync("g", Viewers(Second, 3), Viewers(Foreign, 1), Viewers(Home, 2));
        Assert.Equal(
            [(CountKey.ForPage(Second), 3), (CountKey.ForPage(Foreign), 1), (CountKey.ForPage(Home), 2),
             (CountKey.ForSite("example.com"), 5), (CountKey.ForSite("other.org"), 1)],
            reply.Totals.Select(t => (t.Key, t.Viewers)));
        Assert.Empty(reply.Refused);
        Assert.Equal(5, (await Other.GetAsync(CountKey.ForVisitors("example.com"), Stop)).Viewers);
    }

    [Fact]
    public async Task Several_numbers_are_returned_in_the_order_of_the_request()
    {
        await JoinAsync("g", Viewers(Second, 3), Viewers(Home, 2));
        var unseen = CountKey.ForPage(new PageKey("example.com", "/unseen"));
        Assert.Equal([2, 0, 5, 3], await Other.CountAsync("example.com", [CountKey.ForPage(Home), unseen, CountKey.ForSite("example.com"), CountKey.ForPage(Second)], Stop));
    }

    [Fact]
    public async Task An_unknown_page_has_zero_viewers()
    {
        foreach (var key in new[] { CountKey.ForPage(Home), CountKey.ForSite("x"), CountKey.ForVisitors("x") })
        {
            Assert.Equal(new CountStatus(key, 0, 0, null, 0, null), await Cluster.GetAsync(key, Stop));
            Assert.Equal(
                Enumerable.Repeat((0, 0.0, 0L), 60),
                (await Cluster.GetHistoryAsync(key, HistoryStep.Minute, Engine.Now.AddHours(-1), Engine.Now, Stop)).Select(p => (p.Peak, p.Mean, p.Arrivals)));
        }
    }

    [Fact]
    public async Task Arrivals_are_counted_apart_from_current_viewers()
    {
        await JoinAsync("g", Viewers(Home, 1, arrivals: 5));
        await ReportAsync("g", Viewers(Home, 0, arrivals: 5));
        await ReportAsync("g", Viewers(Home, 1, arrivals: 8));
        Assert.Equal((1, 8L), ((await PageAsync(Home)).Viewers, (await PageAsync(Home)).Arrivals));
        Assert.Equal(8, (await SiteAsync()).Arrivals);
    }

    [Fact]
    public async Task Numbers_sum_over_gateways_and_a_report_changes_only_its_own_share()
    {
        await JoinAsync("a", Viewers(Home, 2));
        var reply = await JoinAsync("b", Viewers(Home, 3), Viewers(Second, 1));
        Assert.Equal([5, 1, 6], reply.Totals.Select(t => t.Viewers));
        await ReportAsync("a", Viewers(Home, 0, arrivals: 2));
        Assert.Equal((3, 5, 5L), await NumbersAsync(Home));
        Assert.Equal((4, 6, 6L), ((await SiteAsync()).Viewers, (await SiteAsync()).Peak, (await SiteAsync()).Arrivals));
    }

    [Fact]
    public async Task A_viewer_who_changes_pages_within_a_batch_never_counts_twice()
    {
        await JoinAsync("g", Viewers(Home, 1));
        await ReportAsync("g", Viewers(Second, 1), Viewers(Home, 0, arrivals: 1));
        Assert.Equal((1, 1), ((await SiteAsync()).Viewers, (await SiteAsync()).Peak));
    }

    [Fact]
    public async Task Versions_rise_only_when_the_viewers_change()
    {
        var first = await JoinAsync("g", Viewers(Home, 1));
        var same = await ReportAsync("g", Viewers(Home, 1, arrivals: 2));
        Assert.Equal(first.Totals, same.Totals);
        var changed = await ReportAsync("g", Viewers(Home, 2, arrivals: 3));
        Assert.All(changed.Totals.Zip(first.Totals), pair => Assert.True(pair.First.Version > pair.Second.Version));
    }

    [Fact]
    public async Task Names_of_pages_and_sites_are_compared_exactly()
    {
        PageKey[] pages = [new("example.com", "/a"), new("example.com", "/A"), new("example.com", "/a'%20\"\\{},"), new("xn--nxasmq6b.example:8080", "/?q=%C3%A4&x=☃")];
        await JoinAsync("g", [.. pages.Select((page, i) => Viewers(page, i + 1))]);
        foreach (var (page, i) in pages.Select((page, i) => (page, i)))
        {
            Assert.Equal(new(CountKey.ForPage(page), i + 1, i + 1, Engine.Now, i + 1, Engine.Now), await PageAsync(page));
        }
    }

    [Fact]
    public async Task Concurrent_reports_of_many_gateways_sum_up()
    {
        const int Gateways = 8;
        const int Changes = 20;
        PageKey[] pages = [.. Enumerable.Range(0, 5).Select(i => new PageKey(i < 3 ? "example.com" : "other.org", $"/{i}"))];
        await Task.WhenAll(Enumerable.Range(0, Gateways).Select(g => Task.Run(
            async () =>
            {
                var cluster = g % 2 == 0 ? Cluster : Other;
                await RenewAsync($"g{g}");
                for (var i = 1; i <= Changes; i++)
                {
                    foreach (var (at, page) in pages.Index())
                    {
                        Gateway($"g{g}").Set(new PageState(page, (i + at) % 7, 0));
                    }

                    Assert.True(await Gateway($"g{g}").SendAsync(cluster));
                }
            },
            Stop)));
        await Engine.SettleAsync();
        foreach (var (i, page) in pages.Index())
        {
            Assert.Equal(Gateways * ((Changes + i) % 7), (await PageAsync(page)).Viewers);
        }

        Assert.Equal(Gateways * Enumerable.Range(0, 3).Sum(i => (Changes + i) % 7), (await SiteAsync()).Viewers);
    }

    private async Task<(int Viewers, int Peak, long Arrivals)> NumbersAsync(PageKey page)
    {
        var status = await PageAsync(page);
        return (status.Viewers, status.Peak, status.Arrivals);
    }
}
