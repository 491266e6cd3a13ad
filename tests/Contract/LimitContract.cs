using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Xunit;

namespace Counter.Tests.Contract;

/// <summary>A site has so many pages and the cluster so many sites; what is worth least makes room.</summary>
public abstract class LimitContract : ClusterContract
{
    protected override EngineSetup Setup => EngineSetup.Default with { PagesPerSite = 2, Sites = 2 };

    [Fact]
    public async Task A_full_site_and_a_full_cluster_refuse_what_is_new_and_count_what_is_known()
    {
        PageKey third = new("example.com", "/third"), stranger = new("third.org", "/");
        var reply = await JoinAsync("g", Say(Home, 1), Say(Second, 1), Say(third, 1), Say(Foreign, 1), Say(stranger, 1));
        Assert.Equal([third, stranger], reply.Refused);
        Assert.Equal(
            [(CountKey.ForPage(Home), 1), (CountKey.ForPage(Second), 1), (CountKey.ForPage(Foreign), 1), (CountKey.ForSite("example.com"), 2), (CountKey.ForSite("other.org"), 1)],
            reply.Totals.Select(t => (t.Key, t.Viewers)));
        Assert.Equal(0, (await SiteAsync("third.org")).Arrivals);
        Assert.Equal([third], (await ReportAsync("g", Say(third, 2), Say(Home, 2))).Refused);
        Assert.Equal((3, 0L), ((await SiteAsync()).Viewers, (await PageAsync(third)).Arrivals));
    }

    [Fact]
    public async Task A_site_may_have_a_limit_of_its_own()
    {
        await RenewAsync("g");
        var few = new Dictionary<string, int> { ["example.com"] = 1, ["unheard.of"] = 9 };
        var report = new Report("g", [Say(Home, 1), Say(Second, 1), Say(Foreign, 1), Say(new("other.org", "/2"), 1)], few);
        Assert.Equal([Second], (await Cluster.ReportAsync(report, Stop)).Refused);
    }

    [Fact]
    public async Task A_limit_holds_when_everybody_comes_at_once()
    {
        var refused = await Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
            (await JoinAsync($"g{i}", Say(new("example.com", $"/{i}"), 1))).Refused.Count));
        Assert.Equal(8, refused.Sum());
        Assert.Equal(2, (await Cluster.GetTotalsAsync(Stop)).Pages);
    }

    [Fact]
    public async Task A_full_site_makes_room_by_forgetting_idle_pages_that_hardly_anybody_came_to()
    {
        PageKey invented = new("example.com", "/invented"), known = new("example.com", "/known"), late = new("example.com", "/late");
        await JoinAsync("g", Say(invented, 1, arrivals: 3), Say(known, 1, arrivals: 4));
        await ReportAsync("g", Say(invented, 0, arrivals: 3), Say(known, 0, arrivals: 4));
        Assert.Equal([late], (await ReportAsync("g", Say(late, 1))).Refused);

        await AdvanceAsync(3 * 3600);
        Assert.Empty((await JoinAsync("g", Say(late, 1))).Refused);
        Assert.Equal((0L, 4L), ((await PageAsync(invented)).Arrivals, (await PageAsync(known)).Arrivals));
    }

    [Fact]
    public async Task A_full_cluster_makes_room_by_forgetting_sites_without_a_page_worth_keeping()
    {
        PageKey late = new("late.org", "/");
        await JoinAsync("g", Say(Home, 1), Say(Foreign, 9));
        await ReportAsync("g", Say(Home, 0, arrivals: 1), Say(Foreign, 0, arrivals: 9));
        Assert.Equal([late], (await ReportAsync("g", Say(late, 1))).Refused);
        await AdvanceAsync(3 * 3600);

        // Room is made for whoever asks again.
        await JoinAsync("g", Say(late, 1));
        await AdvanceAsync(2);
        Assert.Empty((await JoinAsync("g", Say(late, 1))).Refused);
        Assert.Equal(["late.org", "other.org"], (await Cluster.ListSitesAsync(new(CountOrder.Name, "", null, 9), Stop)).Select(s => s.Count.Key.Site));
    }

    [Fact]
    public async Task Pages_are_forgotten_two_years_after_they_were_last_heard_of_and_sites_with_their_last_page()
    {
        await JoinAsync("g", Say(Home, 1), Say(Foreign, 1));
        await ReportAsync("g", Say(Foreign, 0, arrivals: 1));
        await AdvanceAsync(TimeSpan.FromDays(700).TotalSeconds);
        await JoinAsync("g", Say(Home, 0, arrivals: 1));
        Assert.Equal(2, (await Cluster.GetTotalsAsync(Stop)).Sites);
        await AdvanceAsync(TimeSpan.FromDays(40).TotalSeconds);
        Assert.Equal((1L, 0L), ((await SiteAsync()).Arrivals, (await SiteAsync("other.org")).Arrivals));
        Assert.Equal(1, (await Cluster.GetTotalsAsync(Stop)).Sites);
    }
}
