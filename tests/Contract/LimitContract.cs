using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Counting.Pages;
using Counter.Tests.Support;
using Xunit;

namespace Counter.Tests.Contract;

/// <summary>The pages of a site and the sites of the cluster are limited. The least valuable ones are evicted.</summary>
public abstract class LimitContract : ClusterContract
{
    protected override EngineSetup Setup => EngineSetup.Default with { PagesPerSite = 2, Sites = 2 };

    [Fact]
    public async Task A_full_site_or_cluster_refuses_new_pages_and_counts_known_ones()
    {
        PageKey third = new("example.com", "/third"), stranger = new("third.org", "/");
        var reply = await JoinAsync("g", Viewers(Home, 1), Viewers(Second, 1), Viewers(third, 1), Viewers(Foreign, 1));
        Assert.Equal([third], reply.Refused);
        Assert.Equal(
            [(CountKey.ForPage(Home), 1), (CountKey.ForPage(Second), 1), (CountKey.ForPage(Foreign), 1), (CountKey.ForSite("example.com"), 2), (CountKey.ForSite("other.org"), 1)],
            reply.Totals.Select(t => (t.Key, t.Viewers)));
        Assert.Equal([stranger], (await ReportAsync("g", Viewers(stranger, 1))).Refused);
        Assert.Equal(0, (await SiteAsync("third.org")).Arrivals);
        Assert.Equal([third], (await ReportAsync("g", Viewers(third, 2), Viewers(Home, 2))).Refused);
        Assert.Equal((3, 0L), ((await SiteAsync()).Viewers, (await PageAsync(third)).Arrivals));
    }

    [Fact]
    public async Task A_site_may_have_a_limit_of_its_own()
    {
        Gateway("g").MostPages["example.com"] = 1;
        Assert.Equal([Second], (await JoinAsync("g", Viewers(Home, 1), Viewers(Second, 1), Viewers(Foreign, 1), Viewers(new("other.org", "/2"), 1))).Refused);
    }

    [Fact]
    public async Task A_limit_holds_for_concurrent_reports()
    {
        var refused = await Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
            (await JoinAsync($"g{i}", Viewers(new("example.com", $"/{i}"), 1))).Refused.Count));
        Assert.Equal(8, refused.Sum());
        Assert.Equal(2, (await Cluster.GetTotalsAsync(Stop)).Pages);
    }

    [Fact]
    public async Task A_full_site_evicts_its_least_valuable_page_without_viewers()
    {
        PageKey invented = new("example.com", "/invented"), known = new("example.com", "/known"), late = new("example.com", "/late"), later = new("example.com", "/later");
        await JoinAsync("g", Viewers(invented, 1, arrivals: 3), Viewers(known, 1, arrivals: 4));
        await ReportAsync("g", Viewers(known, 0, arrivals: 4));
        await ReportAsync("g", Viewers(invented, 0, arrivals: 3));
        Assert.Empty((await ReportAsync("g", Viewers(late, 1))).Refused);
        Assert.Equal((0L, 4L), ((await PageAsync(invented)).Arrivals, (await PageAsync(known)).Arrivals));

        // An eviction reads every page, so it runs at most once a second.
        Assert.Equal([later], (await ReportAsync("g", Viewers(later, 1))).Refused);
        await AdvanceAsync(1);
        Assert.Empty((await ReportAsync("g", Viewers(later, 1))).Refused);
        Assert.Equal((0L, 1), ((await PageAsync(known)).Arrivals, (await PageAsync(late)).Viewers));
        await AdvanceAsync(1);
        Assert.Equal([known], (await ReportAsync("g", Viewers(known, 1))).Refused);
    }

    [Fact]
    public async Task A_full_cluster_evicts_its_least_valuable_site_without_settings()
    {
        PageKey late = new("late.org", "/"), later = new("later.org", "/");
        await JoinAsync("g", Viewers(Home, 1), Viewers(Foreign, 9));
        await ReportAsync("g", Viewers(Home, 0, arrivals: 1), Viewers(Foreign, 0, arrivals: 9));
        Assert.Empty((await ReportAsync("g", Viewers(late, 1))).Refused);
        Assert.Equal(["late.org", "other.org"], await SitesAsync());

        await AdvanceAsync(1);
        await Cluster.Documents.TryChangeAsync([new(DocumentKind.Site, "other.org", "{}")], Stop);
        Assert.Equal([later], (await ReportAsync("g", Viewers(later, 1))).Refused);
        Assert.Equal(["late.org", "other.org"], await SitesAsync());
    }

    [Fact]
    public async Task Invented_sites_evict_each_other_and_no_real_one()
    {
        await JoinAsync("g", Viewers(Home, 1, arrivals: 5));
        await ReportAsync("g", Viewers(Home, 0, arrivals: 5));
        for (var i = 0; i < 20; i++)
        {
            PageKey invented = new($"invented{i}.org", "/");
            Assert.Empty((await ReportAsync("g", Viewers(invented, 1, arrivals: 4))).Refused);
            await ReportAsync("g", Viewers(invented, 0, arrivals: 4));
            await AdvanceAsync(1);
            await RenewAsync("g");
        }

        Assert.Equal(["example.com", "invented19.org"], await SitesAsync());
    }

    [Fact]
    public async Task Pages_expire_two_years_after_their_last_report_and_sites_with_their_last_page()
    {
        await JoinAsync("g", Viewers(Home, 1), Viewers(Foreign, 1));
        await ReportAsync("g", Viewers(Foreign, 0, arrivals: 1));
        await AdvanceAsync(TimeSpan.FromDays(700).TotalSeconds);
        await JoinAsync("g", Viewers(Home, 0, arrivals: 1));
        Assert.Equal(2, (await Cluster.GetTotalsAsync(Stop)).Sites);

        // This resembles a clock that jumped. Pages that look old after a jump are removed in steps of a month, one step a day.
        await AdvanceAsync(TimeSpan.FromDays(40).TotalSeconds);
        Assert.Equal((1L, 1L), ((await SiteAsync()).Arrivals, (await SiteAsync("other.org")).Arrivals));
        for (var day = 0; day < 25; day++)
        {
            await AdvanceAsync(TimeSpan.FromDays(1).TotalSeconds);
        }

        Assert.Equal((1L, 0L), ((await SiteAsync()).Arrivals, (await SiteAsync("other.org")).Arrivals));
        Assert.Equal(1, (await Cluster.GetTotalsAsync(Stop)).Sites);
    }

    private async Task<IEnumerable<string>> SitesAsync() =>
        (await Cluster.ListSitesAsync(new(CountOrder.Name, "", null, 9), Stop)).Select(s => s.Count.Key.Site);
}

/// <summary>The pages of all sites together are limited.</summary>
public abstract class PagesContract : ClusterContract
{
    private const int Most = 300;

    protected override EngineSetup Setup => EngineSetup.Default with { Pages = Most };

    [Fact]
    public async Task When_every_site_has_too_many_pages_the_least_valuable_are_evicted()
    {
        PageState[] Of(string site, int from, int count, int viewers) =>
            [.. Enumerable.Range(from, count).Select(i => Viewers(new(site, $"/{i}"), viewers, arrivals: 1))];
        await JoinAsync("g", Viewers(Home, 1, arrivals: 50), Viewers(Second, 1, arrivals: 50));
        await ReportAsync("g", Viewers(Home, 0, arrivals: 50), Viewers(Second, 0, arrivals: 50));
        for (var round = 0; round < 10; round++)
        {
            await RenewAsync("g");
            await ReportAsync("g", Of("invented.org", round * 60, 60, viewers: 1));
            await ReportAsync("g", Of("invented.org", round * 60, 60, viewers: 0));
            await AdvanceAsync(1);
        }

        var totals = await Cluster.GetTotalsAsync(Stop);
        Assert.InRange(totals.Pages, 100, Most + 160);
        Assert.Equal((50L, 50L), ((await PageAsync(Home)).Arrivals, (await PageAsync(Second)).Arrivals));
    }
}
