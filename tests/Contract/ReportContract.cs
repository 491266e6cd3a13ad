using Counter.Counting.Cluster;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Xunit;

namespace Counter.Tests.Contract;

/// <summary>Reports are absolute, idempotent and ordered.</summary>
public abstract class ReportContract : ClusterContract
{
    [Fact]
    public async Task A_report_is_answered_with_the_totals_of_its_pages_and_sites()
    {
        var reply = await JoinAsync("g", Say(Second, 3), Say(Foreign, 1), Say(Home, 2));
        Assert.Equal(
            [(CountKey.ForPage(Second), 3), (CountKey.ForPage(Foreign), 1), (CountKey.ForPage(Home), 2),
             (CountKey.ForSite("example.com"), 5), (CountKey.ForSite("other.org"), 1)],
            reply.Totals.Select(t => (t.Key, t.Viewers)));
        Assert.Empty(reply.Refused);
        Assert.Empty((await ReportAsync("g")).Totals);
    }

    [Fact]
    public async Task What_was_never_seen_is_zero()
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
    public async Task A_report_that_is_repeated_or_late_changes_nothing()
    {
        await JoinAsync("g", new PageReport(Home, 1, 5, 3, 4));
        var after = await PageAsync(Home);
        await ReportAsync("g", new PageReport(Home, 1, 5, 3, 4));
        await ReportAsync("g", new PageReport(Home, 1, 5, 9, 9));
        await ReportAsync("g", new PageReport(Home, 1, 4, 9, 9));
        Assert.Equal(after, await PageAsync(Home));
        Assert.Equal((3, 4L), ((await SiteAsync()).Viewers, (await SiteAsync()).Arrivals));
    }

    [Fact]
    public async Task A_report_that_was_lost_is_made_up_for_by_the_next()
    {
        await JoinAsync("g", new PageReport(Home, 1, 1, 1, 1));
        await ReportAsync("g", new PageReport(Home, 1, 9, 2, 7));
        Assert.Equal((2, 7L), ((await PageAsync(Home)).Viewers, (await PageAsync(Home)).Arrivals));
    }

    [Fact]
    public async Task Arrivals_count_from_where_the_page_was_opened()
    {
        await JoinAsync("g", new PageReport(Home, 1, 1, 1, 5));
        await ReportAsync("g", new PageReport(Home, 1, 2, 0, 5));
        await ReportAsync("g", new PageReport(Home, 3, 4, 1, 2));
        await ReportAsync("g", new PageReport(Home, 3, 5, 1, 1));
        await ReportAsync("g", new PageReport(Home, 2, 6, 1, 3));
        Assert.Equal((1, 8L), ((await PageAsync(Home)).Viewers, (await PageAsync(Home)).Arrivals));
        Assert.Equal(8, (await SiteAsync()).Arrivals);
    }

    [Fact]
    public async Task Gateways_add_up_and_a_new_report_replaces_only_the_gateways_own()
    {
        await JoinAsync("a", Say(Home, 2));
        var reply = await JoinAsync("b", Say(Home, 3), Say(Second, 1));
        Assert.Equal([5, 1, 6], reply.Totals.Select(t => t.Viewers));
        await ReportAsync("a", Say(Home, 0, arrivals: 2));
        Assert.Equal((3, 5, 5L), await NumbersAsync(Home));
        Assert.Equal((4, 6, 6L), ((await SiteAsync()).Viewers, (await SiteAsync()).Peak, (await SiteAsync()).Arrivals));
    }

    [Fact]
    public async Task Someone_who_goes_from_one_page_to_another_within_a_report_is_never_two()
    {
        await JoinAsync("g", Say(Home, 1));
        await ReportAsync("g", Say(Second, 1), Say(Home, 0, arrivals: 1));
        Assert.Equal((1, 1), ((await SiteAsync()).Viewers, (await SiteAsync()).Peak));
    }

    [Fact]
    public async Task Absurd_numbers_are_cut_and_do_no_harm()
    {
        await JoinAsync("g", new PageReport(Home, 1, 1, -5, -5), new PageReport(Second, 1, 1, 1, 1));
        Assert.Equal((0, 0, 0L), await NumbersAsync(Home));
        foreach (var gateway in Enumerable.Range(0, 5))
        {
            await JoinAsync($"g{gateway}", new PageReport(Home, 1, 1, int.MaxValue, long.MaxValue), new PageReport(Second, 1, 1, int.MaxValue, long.MaxValue));
        }

        Assert.Equal(int.MaxValue, (await SiteAsync()).Viewers);
        await AdvanceAsync(TimeSpan.FromDays(2).TotalSeconds);
        await JoinAsync("g", new PageReport(Home, 2, 2, 1, 1), new PageReport(Second, 1, 2, 0, 1));
        Assert.Equal((1, 1), ((await SiteAsync()).Viewers, (await PageAsync(Home)).Viewers));
        Assert.InRange((await SiteAsync()).Arrivals, 1, long.MaxValue);
    }

    [Fact]
    public async Task Versions_rise_with_every_change_of_the_viewers_and_only_then()
    {
        var first = await JoinAsync("g", Say(Home, 1));
        var same = await ReportAsync("g", Say(Home, 1, arrivals: 2));
        Assert.Equal(first.Totals, same.Totals);
        var changed = await ReportAsync("g", Say(Home, 2));
        Assert.All(changed.Totals.Zip(first.Totals), pair => Assert.True(pair.First.Version > pair.Second.Version));
    }

    [Fact]
    public async Task The_names_of_pages_and_sites_are_told_apart_exactly()
    {
        PageKey[] pages = [new("example.com", "/a"), new("example.com", "/A"), new("example.com", "/a'%20\"\\{},"), new("xn--nxasmq6b.example:8080", "/?q=%C3%A4&x=☃")];
        await JoinAsync("g", [.. pages.Select((page, i) => Say(page, i + 1))]);
        foreach (var (page, i) in pages.Select((page, i) => (page, i)))
        {
            Assert.Equal(new(CountKey.ForPage(page), i + 1, i + 1, Engine.Now, i + 1, Engine.Now), await PageAsync(page));
        }
    }

    [Fact]
    public async Task A_report_that_is_given_up_before_it_is_sent_is_not_taken()
    {
        await RenewAsync("g");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Cluster.ReportAsync(new Report("g", [Say(Home, 1)]), new CancellationToken(canceled: true)));
        Assert.Equal(0, (await PageAsync(Home)).Viewers);
    }

    [Fact]
    public async Task Reports_of_many_gateways_at_once_add_up()
    {
        const int Gateways = 8;
        const int Reports = 40;
        PageKey[] pages = [.. Enumerable.Range(0, 5).Select(i => new PageKey(i < 3 ? "example.com" : "other.org", $"/{i}"))];
        await Task.WhenAll(Enumerable.Range(0, Gateways).Select(g => Task.Run(
            async () =>
            {
                var cluster = g % 2 == 0 ? Cluster : Other;
                await RenewAsync($"g{g}");
                for (var i = 1; i <= Reports; i++)
                {
                    // Everybody names the pages in another order.
                    var said = pages.Index().OrderBy(p => (p.Index + g + i) % 5).Select(p => new PageReport(p.Item, 1, i, (i + p.Index) % 7, i));
                    var reply = await cluster.ReportAsync(new Report($"g{g}", [.. said]), Stop);
                    Assert.Equal(7, reply.Totals.Count);
                }
            },
            Stop)));
        foreach (var (i, page) in pages.Index())
        {
            Assert.Equal((Gateways * ((Reports + i) % 7), Gateways * (long)Reports), ((await PageAsync(page)).Viewers, (await PageAsync(page)).Arrivals));
        }

        Assert.Equal(
            (Gateways * Enumerable.Range(0, 3).Sum(i => (Reports + i) % 7), 3L * Gateways * Reports),
            ((await SiteAsync()).Viewers, (await SiteAsync()).Arrivals));
    }

    private async Task<(int Viewers, int Peak, long Arrivals)> NumbersAsync(PageKey page)
    {
        var status = await PageAsync(page);
        return (status.Viewers, status.Peak, status.Arrivals);
    }
}
