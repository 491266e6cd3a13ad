using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Counting.Pages;
using Counter.Tests.Support;
using Xunit;

namespace Counter.Tests.Contract;

/// <summary>The operations for operators: lists, sums, resets and deletions.</summary>
public abstract class ListContract : ClusterContract
{
    [Theory]
    [InlineData(CountOrder.Viewers, "/b /A /a /_ /c")]
    [InlineData(CountOrder.Peak, "/a /b /A /c /_")]
    [InlineData(CountOrder.Arrivals, "/c /a /b /A /_")]
    [InlineData(CountOrder.Name, "/A /_ /a /b /c")]
    public async Task Pages_are_listed_in_every_order_with_paging(CountOrder order, string expected)
    {
        await FillAsync();
        Assert.Equal(expected.Split(' '), await PathsAsync(new CountQuery(order, "", null, 100)));
        var parts = new List<string>();
        CountCursor? after = null;
        while (await Other.ListPagesAsync("example.com", new CountQuery(order, "", after, 2), Stop) is { Count: > 0 } part)
        {
            parts.AddRange(part.Select(p => p.Key.Path));
            after = CountCursor.Of(part[^1], order);
        }

        Assert.Equal(expected.Split(' '), parts);
    }

    [Theory]
    [InlineData("A", "/A /a")]
    [InlineData("_", "/_")]
    [InlineData("%", "")]
    [InlineData("'; --", "")]
    public async Task A_search_matches_names_as_written(string contains, string expected)
    {
        await FillAsync();
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), await PathsAsync(new CountQuery(CountOrder.Name, contains, null, 100)));
    }

    [Fact]
    public async Task Sites_with_settings_only_are_listed()
    {
        await FillAsync();
        await Cluster.Documents.TryChangeAsync(
            [new(DocumentKind.Site, "configured.net", "{}"), new(DocumentKind.Site, "example.com", "{}"), new(DocumentKind.Key, "key", "{}")], Stop);
        var sites = await Other.ListSitesAsync(new CountQuery(CountOrder.Viewers, "", null, 10), Stop);
        Assert.Equal(
            [("example.com", 6, 5), ("other.org", 1, 1), ("configured.net", 0, 0)],
            sites.Select(s => (s.Count.Key.Site, s.Count.Viewers, s.Pages)));
        Assert.Equal(await SiteAsync(), sites[0].Count);
        Assert.Equal(new CountStatus(CountKey.ForSite("configured.net"), 0, 0, null, 0, null), sites[2].Count);
        Assert.Equal(
            ["configured.net"],
            (await Cluster.ListSitesAsync(new CountQuery(CountOrder.Viewers, "NET", CountCursor.Of(sites[1].Count, CountOrder.Viewers), 10), Stop)).Select(s => s.Count.Key.Site));
        Assert.Equal(new ClusterTotals(7, 39, 4, 6, 3), await Other.GetTotalsAsync(Stop));
    }

    [Fact]
    public async Task The_busiest_pages_are_pages_with_viewers_of_all_sites()
    {
        await FillAsync();
        Assert.Equal(
            ["example.com/b", "example.com/A", "example.com/a", "other.org/"],
            (await Other.ListBusiestAsync(10, Stop)).Select(p => p.Key.Site + p.Key.Path));
        Assert.Equal(3, Assert.Single(await Other.ListBusiestAsync(1, Stop)).Viewers);
    }

    [Fact]
    public async Task An_empty_cluster_has_empty_lists()
    {
        Assert.Equal(new ClusterTotals(0, 0, 0, 0, 0), await Cluster.GetTotalsAsync(Stop));
        Assert.Empty(await Cluster.ListSitesAsync(new CountQuery(CountOrder.Viewers, "", null, 10), Stop));
        Assert.Empty(await Cluster.ListPagesAsync("example.com", new CountQuery(CountOrder.Viewers, "", null, 10), Stop));
        Assert.Empty(await Cluster.ListBusiestAsync(10, Stop));
        Assert.Empty(await Cluster.ListGatewaysAsync(Stop));
    }

    [Fact]
    public async Task Resetting_a_page_clears_its_history_and_keeps_its_viewers_and_site()
    {
        var first = (await JoinAsync("g", Viewers(Home, 3))).Totals[0];
        await ReportAsync("g", Viewers(Home, 2, arrivals: 3));
        await AdvanceAsync(5);
        Assert.True(await Cluster.ResetAsync(CountKey.ForPage(Home), Stop));
        Assert.Equal(new(CountKey.ForPage(Home), 2, 2, Engine.Now, 0, Engine.Now), await PageAsync(Home));
        Assert.Equal((2, 3, 3L), ((await SiteAsync()).Viewers, (await SiteAsync()).Peak, (await SiteAsync()).Arrivals));
        var past = await Cluster.GetHistoryAsync(CountKey.ForPage(Home), Counting.History.HistoryStep.Minute, Engine.Now.AddMinutes(-3), Engine.Now.AddMinutes(3), Stop);
        Assert.Equal((2, 0L), (past.Max(p => p.Peak), past.Sum(p => p.Arrivals)));

        var next = await ReportAsync("g", Viewers(Home, 4, arrivals: 5));
        Assert.True(next.Totals[0].Version > first.Version);
        Assert.Equal((4, 2L), ((await PageAsync(Home)).Viewers, (await PageAsync(Home)).Arrivals));
    }

    [Fact]
    public async Task Resetting_a_site_resets_all_its_pages()
    {
        await JoinAsync("g", Viewers(Home, 3), Viewers(Second, 1), Viewers(Foreign, 1));
        await ReportAsync("g", Viewers(Second, 0, arrivals: 1));
        Assert.True(await Cluster.ResetAsync(CountKey.ForSite("example.com"), Stop));
        Assert.Equal(new(CountKey.ForSite("example.com"), 3, 3, Engine.Now, 0, Engine.Now), await SiteAsync());
        Assert.Equal((3, 0, 0L), ((await PageAsync(Home)).Peak, (await PageAsync(Second)).Peak, (await PageAsync(Second)).Arrivals));
        Assert.Equal(1, (await SiteAsync("other.org")).Arrivals);
    }

    [Fact]
    public async Task Deleting_removes_pages_without_viewers_and_resets_the_others()
    {
        await JoinAsync("g", Viewers(Home, 1), Viewers(Second, 1), Viewers(Foreign, 1));
        await ReportAsync("g", Viewers(Second, 0, arrivals: 1), Viewers(Foreign, 0, arrivals: 1));
        Assert.True(await Cluster.DeleteAsync(CountKey.ForPage(Second), Stop));
        Assert.False(await Cluster.DeleteAsync(CountKey.ForPage(Second), Stop));
        Assert.Equal(["/"], await PathsAsync(new CountQuery(CountOrder.Name, "", null, 9)));
        Assert.True(await Cluster.DeleteAsync(CountKey.ForSite("example.com"), Stop));
        Assert.True(await Cluster.DeleteAsync(CountKey.ForSite("other.org"), Stop));
        await AdvanceAsync(1);
        Assert.Equal((1, 0L), ((await PageAsync(Home)).Viewers, (await SiteAsync()).Arrivals));
        Assert.Equal(["example.com"], (await Cluster.ListSitesAsync(new(CountOrder.Name, "", null, 9), Stop)).Select(s => s.Count.Key.Site));

        // The gateway still shows the page, so its presence has it. Only those count who came since.
        await ReportAsync("g", Viewers(Second, 2, arrivals: 3));
        Assert.Equal((3, 2L), ((await SiteAsync()).Viewers, (await SiteAsync()).Arrivals));
        Assert.Equal((2, 2L), ((await PageAsync(Second)).Viewers, (await PageAsync(Second)).Arrivals));
    }

    [Fact]
    public async Task An_unknown_page_or_site_cannot_be_reset_or_deleted()
    {
        Assert.False(await Cluster.ResetAsync(CountKey.ForPage(Home), Stop));
        Assert.False(await Cluster.ResetAsync(CountKey.ForSite("example.com"), Stop));
        Assert.False(await Cluster.DeleteAsync(CountKey.ForPage(Home), Stop));
        Assert.False(await Cluster.DeleteAsync(CountKey.ForSite("example.com"), Stop));
    }

    private async Task FillAsync()
    {
        PageState Page(string path, int viewers, long arrivals) => Viewers(new PageKey("example.com", path), viewers, arrivals);
        await JoinAsync("g", Page("/a", 5, 10), Page("/b", 3, 5), Page("/c", 1, 20), Page("/_", 0, 1));
        await ReportAsync("g", Page("/a", 1, 10), Page("/c", 0, 20), Page("/A", 2, 2), Viewers(Foreign, 1));
    }

    private async Task<IEnumerable<string>> PathsAsync(CountQuery query) =>
        (await Other.ListPagesAsync("example.com", query, Stop)).Select(p => p.Key.Path);
}
