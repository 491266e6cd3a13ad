using Counter.Counting.Cluster;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Gateway.Tests.Support;
using Counter.Grains.Pages;
using Counter.Grains.Presence;
using Counter.Grains.Sites;
using Counter.Grains.Tests.Support;
using Counter.Tests.Contract;
using Counter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Grains.Tests;

/// <summary>Grains are deactivated and activated again: stored state is restored, nothing is counted twice, and numbers do not fall.</summary>
public sealed class ReloadTests : ClusterContract
{
    private OrleansEngine silos = null!;

    private static CountKey HomePage => CountKey.ForPage(Home);

    private ICounterGrain Page => silos.Client.GetGrain<ICounterGrain>(GrainKeys.Of(Home));

    private IPresenceGrain Presence => silos.Client.GetGrain<IPresenceGrain>(Home.Site);

    private ISiteGrain Site => silos.Client.GetGrain<ISiteGrain>(Home.Site);

    [Fact]
    public async Task Peak_arrivals_and_history_are_restored_and_not_counted_twice()
    {
        var begin = Engine.Now;
        await JoinAsync("g", Viewers(Home, 3, 5));
        await ReportAsync("g", Viewers(Home, 2, 5));
        await AdvanceAsync(5);
        await RestAsync();
        Assert.Equal(new(HomePage, 2, 3, begin, 5, begin), await PageAsync(Home));
        Assert.Equal(new(CountKey.ForSite("example.com"), 2, 3, begin, 5, begin), await SiteAsync());

        await ReportAsync("g", Viewers(Home, 2, 6));
        Assert.Equal(new(HomePage, 2, 3, begin, 6, begin), await PageAsync(Home));
        Assert.Equal(new(CountKey.ForSite("example.com"), 2, 3, begin, 6, begin), await SiteAsync());
        var past = await Cluster.GetHistoryAsync(HomePage, HistoryStep.Minute, begin, begin.AddMinutes(1), Stop);
        Assert.Equal((3, 6L), (Assert.Single(past).Peak, past[0].Arrivals));
    }

    [Fact]
    public async Task Totals_continue_after_a_reload()
    {
        CountKey[] keys =
        [
            .. from path in new[] { Home.Path, "" }
               from of in new[] { CountOf.Arrivals, CountOf.Today, CountOf.Peak }
               select CountKey.ForTotal(of, Home.Site, path, of == CountOf.Today ? "UTC" : null),
        ];
        await JoinAsync("g", Viewers(Home, 3, 5));
        await ReportAsync("g", Viewers(Home, 2, 5));
        await AssertAsync(5, 5, 3);
        await RestAsync();
        await AssertAsync(5, 5, 3);
        await silos.RestAsync(Presence);
        await AssertAsync(5, 5, 3);
        await ReportAsync("g", Viewers(Home, 4, 7));
        await AssertAsync(7, 7, 4);

        async Task AssertAsync(params long[] totals)
        {
            var received = new List<long>();
            foreach (var key in keys)
            {
                received.Add((await Gateway("g").AskAsync(Cluster, key)).Viewers);
            }

            Assert.Equal([.. totals, .. totals], received);
        }
    }

    [Fact]
    public async Task Numbers_do_not_fall_while_gateways_resync()
    {
        await JoinAsync("a", Viewers(Home, 5, 5));
        await JoinAsync("b", Viewers(Home, 2, 2));
        await AdvanceAsync(1);
        await silos.RestAsync(Presence);

        // One says again what it has; until the other one does, there are as many as before.
        var reply = await ReportAsync("b", Viewers(Home, 1, 2));
        Assert.Equal([7, 7], reply.Totals.Select(t => t.Viewers));
        await ReportAsync("a", Viewers(Home, 4, 5));
        await AdvanceAsync(13);
        Assert.Equal((5, 5), ((await PageAsync(Home)).Viewers, (await SiteAsync()).Viewers));
        Assert.Equal(7, (await PageAsync(Home)).Peak);
    }

    [Fact]
    public async Task Viewers_of_a_lost_gateway_count_for_one_more_lease()
    {
        await JoinAsync("a", Viewers(Home, 5, 5));
        await JoinAsync("b", Viewers(Home, 2, 2));
        await AdvanceAsync(1);
        await silos.RestAsync(Presence);
        await Cluster.LeaveAsync("a", Stop);
        await ReportAsync("b", Viewers(Home, 2, 2));
        Assert.Equal(7, (await PageAsync(Home)).Viewers);
        await AdvanceAsync(13);
        Assert.Equal((2, 2), ((await PageAsync(Home)).Viewers, (await SiteAsync()).Viewers));
    }

    [Fact]
    public async Task A_page_of_a_lost_gateway_has_no_viewers_after_a_reload()
    {
        await JoinAsync("g", Viewers(Home, 3, 5), Viewers(Second, 1, 1));
        await JoinAsync("alive", Viewers(Second, 2, 2));
        await silos.RestAsync(Presence);
        await Cluster.LeaveAsync("g", Stop);
        Assert.Equal(6, (await SiteAsync()).Viewers);
        await ReportAsync("alive", Viewers(Second, 2));
        for (var i = 0; i < 13; i++)
        {
            await RenewAsync("alive");
            await AdvanceAsync(5);
        }

        await Wait.UntilAsync(async () => (await SiteAsync()).Viewers == 2, "the site to ask its pages");
        Assert.Equal((8L, 5L), ((await SiteAsync()).Arrivals, (await PageAsync(Home)).Arrivals));
    }

    [Fact]
    public async Task Reports_are_answered_while_the_store_is_full_and_stored_when_it_is_not()
    {
        silos.Store.IsFull = true;
        await JoinAsync("g", Viewers(Home, 3, 5));
        await Assert.ThrowsAsync<IOException>(async () => await Cluster.Documents.TryChangeAsync([new(Counting.Documents.DocumentKind.Site, "a", "{}")], Stop));
        Assert.Equal(3, (await PageAsync(Home)).Viewers);
        silos.Store.IsFull = false;
        Assert.NotNull(await Cluster.Documents.TryChangeAsync([new(Counting.Documents.DocumentKind.Site, "a", "{}", Expected: 0)], Stop));
        await RestAsync();
        Assert.Equal(5, (await PageAsync(Home)).Arrivals);
    }

    [Fact]
    public async Task A_late_write_of_an_old_activation_does_not_block_the_new_one()
    {
        await JoinAsync("g", Viewers(Home, 3, 5));
        await RestAsync();
        await ReportAsync("g", Viewers(Home, 3, 6));
        Assert.Equal(6, (await PageAsync(Home)).Arrivals);
        silos.Store.Disturb();
        await RestAsync();
        Assert.Equal((6L, 6L), ((await PageAsync(Home)).Arrivals, (await SiteAsync()).Arrivals));
    }

    [Fact]
    public async Task A_partitioned_activation_does_not_overwrite_a_newer_one()
    {
        await JoinAsync("g", Viewers(Home, 3, 5));
        await SaveAsync();
        silos.Store.Overtake();
        await ReportAsync("g", Viewers(Home, 3, 6));
        await SaveAsync();
        await Wait.UntilAsync(async () => await silos.WhereAsync(Page) is null && await silos.WhereAsync(Site) is null, "both to leave");
        Assert.Equal((5L, 5L), ((await PageAsync(Home)).Arrivals, (await SiteAsync()).Arrivals));

        // It is called again, continues from there, and is stored.
        await ReportAsync("g", Viewers(Home, 3, 7));
        await RestAsync();
        Assert.Equal((7L, 7L), ((await PageAsync(Home)).Arrivals, (await SiteAsync()).Arrivals));
    }

    [Fact]
    public async Task A_partitioned_activation_does_not_restore_a_deleted_page()
    {
        await JoinAsync("g", Viewers(Home, 3, 5));
        await SaveAsync();
        silos.Store.Clear();
        await ReportAsync("g", Viewers(Home, 3, 6));
        await SaveAsync();
        await Wait.UntilAsync(async () => await silos.WhereAsync(Page) is null && await silos.WhereAsync(Site) is null, "both to leave");
        Assert.Equal(0, silos.Store.CountOf("page") + silos.Store.CountOf("site"));
    }

    [Fact]
    public async Task A_partitioned_activation_stores_nothing_when_it_deactivates()
    {
        await JoinAsync("g", Viewers(Home, 3, 5));
        await SaveAsync();
        silos.Store.Clear();
        await ReportAsync("g", Viewers(Home, 3, 6));
        var hold = new TaskCompletionSource();
        silos.Store.Hold = hold.Task;
        var saves = SaveAsync();
        await Wait.UntilAsync(() => Task.FromResult(silos.Store.Waiting >= 2), "both to be stored");
        await ReportAsync("g", Viewers(Home, 3, 7));
        hold.SetResult();
        silos.Store.Hold = null;
        await saves;
        await Wait.UntilAsync(async () => await silos.WhereAsync(Page) is null && await silos.WhereAsync(Site) is null, "both to leave");
        Assert.Equal(0, silos.Store.CountOf("page") + silos.Store.CountOf("site"));
    }

    [Fact]
    public async Task A_deletion_that_failed_can_be_repeated()
    {
        await JoinAsync("g", Viewers(Home, 0, 5));
        await SaveAsync();
        silos.Store.Undeletable = "site";
        var key = CountKey.ForSite(Home.Site);
        await Assert.ThrowsAsync<ClusterUnavailableException>(async () => await Cluster.DeleteAsync(key, Stop));
        Assert.Equal((0, 1), (silos.Store.CountOf("page"), silos.Store.CountOf("site")));
        silos.Store.Undeletable = null;
        Assert.True(await Cluster.DeleteAsync(key, Stop));
        Assert.Equal(0, silos.Store.CountOf("site"));
        Assert.False(await Cluster.DeleteAsync(key, Stop));
    }

    [Fact]
    public async Task A_site_added_during_a_write_of_the_list_is_in_the_next_one()
    {
        await JoinAsync("g", Viewers(Home, 3, 5));
        var hold = new TaskCompletionSource();
        (silos.Store.Held, silos.Store.Hold) = ("directory", hold.Task);
        await Wait.UntilAsync(() => Task.FromResult(silos.Store.Waiting >= 1), "the list to be stored, which it is every ten seconds");
        await ReportAsync("g", Viewers(Foreign, 1, 1));
        silos.Store.Hold = null;
        hold.SetResult();

        // Nobody remembers it but the store.
        await silos.RestAsync(silos.Client.GetGrain<ICounterGrain>(GrainKeys.Of(Foreign)));
        await silos.RestAsync(silos.Client.GetGrain<ISiteGrain>(Foreign.Site));
        await silos.RestAsync(silos.Client.GetGrain<ISiteDirectoryGrain>(0));
        var sites = await Cluster.ListSitesAsync(new CountQuery(CountOrder.Name, "", null, 10), Stop);
        Assert.Contains(Foreign.Site, sites.Select(site => site.Count.Key.Site));
    }

    [Fact]
    public async Task Reports_continue_at_a_silo_whose_clock_is_behind()
    {
        var before = (await JoinAsync("g", Viewers(Home, 3, 5))).Totals;
        await AdvanceAsync(1);
        await silos.RestAsync(Presence);
        silos.TurnBack(TimeSpan.FromSeconds(30));
        var after = (await ReportAsync("g", Viewers(Home, 2, 5))).Totals;
        Assert.Equal(before.Select(t => t.Key), after.Select(t => t.Key));
        Assert.All(before.Zip(after), t => Assert.True(t.First.Version < t.Second.Version, $"{t.Second} comes after {t.First}."));
        await AdvanceAsync(11);
        Assert.Equal(2, (await PageAsync(Home)).Viewers);
    }

    [Fact]
    public async Task Damaged_state_is_replaced_by_a_new_one()
    {
        await JoinAsync("g", Viewers(Home, 3, 5));
        await RestAsync();
        await silos.RestAsync(silos.Client.GetGrain<ISiteDirectoryGrain>(0));
        silos.Store.Damage();
        await ReportAsync("g", Viewers(Home, 3, 6));
        Assert.Equal((3, 6L), ((await PageAsync(Home)).Viewers, (await SiteAsync()).Arrivals));
        await RestAsync();
        Assert.Equal((6L, 6L), ((await PageAsync(Home)).Arrivals, (await SiteAsync()).Arrivals));
    }

    [Fact]
    public async Task A_failed_report_of_zero_viewers_is_repeated()
    {
        await JoinAsync("g", Viewers(Home, 3, 5));
        await silos.RestAsync(Presence);
        await silos.RestAsync(Page);
        silos.Store.Unreadable = GrainKeys.Of(Home);
        await AdvanceAsync(75);
        Assert.Equal(3, (await Site.GetAsync(CountKey.ForSite(Home.Site))).Viewers);
        silos.Store.Unreadable = null;
        await Wait.UntilAsync(
            async () =>
            {
                await AdvanceAsync(1);
                return (await Site.GetAsync(CountKey.ForSite(Home.Site))).Viewers == 0;
            },
            "the page to be reported");
    }

    [Fact]
    public async Task An_unreadable_page_does_not_affect_others()
    {
        await RenewAsync("g");
        silos.Store.Unreadable = GrainKeys.Of(Second);
        foreach (var state in (PageState[])[Viewers(Second, 1), Viewers(Home, 3), Viewers(Foreign, 4)])
        {
            Gateway("g").Set(state);
        }

        Assert.True(await Gateway("g").SendAsync(Cluster));
        await Engine.SettleAsync();
        Assert.Equal(7, (await Cluster.GetTotalsAsync(Stop)).Viewers);
        silos.Store.Unreadable = null;
        await Engine.SettleAsync();
        Assert.Equal((8, 4L), ((await Cluster.GetTotalsAsync(Stop)).Viewers, (await SiteAsync()).Arrivals));
    }

    [Fact]
    public async Task A_page_deleted_during_its_write_does_not_return()
    {
        await JoinAsync("g", Viewers(Home, 3, 5));
        await ReportAsync("g", Viewers(Home, 0, 6));
        var hold = new TaskCompletionSource();
        silos.Store.Hold = hold.Task;
        Task[] saves = [Page.SaveAsync(), Site.SaveAsync()];
        await Wait.UntilAsync(() => Task.FromResult(silos.Store.Waiting >= 2), "both to be stored");
        var deletion = Cluster.DeleteAsync(CountKey.ForSite(Home.Site), Stop).AsTask();
        await Wait.UntilAsync(() => silos.Silos.Silos[0].ServiceProvider.GetRequiredService<ActivePages>().Count == 0, "the page to be deleted");
        hold.SetResult();
        silos.Store.Hold = null;
        await Task.WhenAll(saves);
        await deletion;
        await RestAsync();
        Assert.Equal((0L, 0L), ((await PageAsync(Home)).Arrivals, (await SiteAsync()).Arrivals));
        Assert.Equal(0, silos.Store.CountOf("page") + silos.Store.CountOf("site"));
    }

    [Fact]
    public async Task Documents_are_read_after_a_reload_and_their_log_is_bounded()
    {
        var documents = Cluster.Documents;
        var text = new string('x', 60_000);
        for (var i = 0; i < 60; i++)
        {
            Assert.NotNull(await documents.TryChangeAsync([new(Counting.Documents.DocumentKind.Site, $"{i % 3}", text + i)], Stop));
        }

        await silos.RestAsync(silos.Client.GetGrain<Documents.IDocumentsGrain>(0));
        var found = await Other.Documents.ListAsync(Counting.Documents.DocumentKind.Site, "", null, 9, descending: false, Stop);
        Assert.Equal([text + 57, text + 58, text + 59], found.Select(d => d.Json));
        Assert.Equal([58L, 59, 60], found.Select(d => d.Version));
        Assert.InRange(silos.Store.Count, 2, 15);
        Assert.True((await documents.ChangesAsync(Counting.Documents.DocumentKind.Site, 30, Stop)).Complete);
    }

    protected override async ValueTask<IEngine> StartAsync(EngineSetup setup) => silos = await OrleansEngine.StartAsync(setup, silos: 1);

    private Task SaveAsync() => Task.WhenAll(Page.SaveAsync(), Site.SaveAsync());

    private async Task RestAsync()
    {
        await silos.RestAsync(Page);
        await silos.RestAsync(Site);
    }
}
