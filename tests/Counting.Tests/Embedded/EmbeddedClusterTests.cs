using Counter.Counting.Cluster;
using Counter.Counting.Embedded;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Tests.Support;
using Xunit;

namespace Counter.Counting.Tests.Embedded;

public sealed class EmbeddedClusterTests : EmbeddedTest
{
    [Fact]
    public async Task A_report_is_answered_with_the_totals_of_its_pages_and_sites()
    {
        var other = new PageKey("example.com", "/b");
        var reply = await Cluster.ReportAsync(new Report("g", [One(Home, 2), One(other, 3), One(new("x.org", "/"), 1)]), Stop);
        Assert.Equal(
            [(CountKey.ForPage(Home), 2), (CountKey.ForPage(other), 3), (CountKey.ForPage(new("x.org", "/")), 1),
             (CountKey.ForSite("example.com"), 5), (CountKey.ForSite("x.org"), 1)],
            reply.Totals.Select(t => (t.Key, t.Viewers)));
        Assert.Empty(reply.Refused);
    }

    [Fact]
    public async Task What_was_never_seen_is_zero()
    {
        Assert.Equal(new CountStatus(CountKey.ForPage(Home), 0, 0, null, 0, null), await Cluster.GetAsync(CountKey.ForPage(Home), Stop));
        Assert.Equal(new CountStatus(CountKey.ForSite("x"), 0, 0, null, 0, null), await Cluster.GetAsync(CountKey.ForSite("x"), Stop));
        var now = Clock.GetUtcNow();
        Assert.Equal(60, (await Cluster.GetHistoryAsync(CountKey.ForSite("x"), HistoryStep.Minute, now.AddHours(-1), now, Stop)).Count);
    }

    [Fact]
    public async Task A_gateway_that_is_not_heard_loses_its_viewers_and_everyone_is_told()
    {
        var changes = Cluster.ChangesAsync(Stop).GetAsyncEnumerator(Stop);
        var next = changes.MoveNextAsync();
        await Report(Home, 2);
        Assert.True(await next);
        Assert.Equal((CountKey.ForPage(Home), 2), (changes.Current.Key, changes.Current.Viewers));
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal((CountKey.ForSite("example.com"), 2), (changes.Current.Key, changes.Current.Viewers));

        Clock.Advance(TimeSpan.FromSeconds(16));
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal((CountKey.ForPage(Home), 0), (changes.Current.Key, changes.Current.Viewers));
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal((CountKey.ForSite("example.com"), 0), (changes.Current.Key, changes.Current.Viewers));
        Assert.Equal(0, (await Cluster.GetAsync(CountKey.ForSite("example.com"), Stop)).Viewers);
        await changes.DisposeAsync();
    }

    [Fact]
    public async Task A_machine_that_slept_gives_gateways_time_to_speak()
    {
        var asleep = new ManualTimeProvider();
        using var elsewhere = new TemporaryDirectory();
        await using var sleeper = Open(elsewhere, clock: new WithoutTimers(asleep));
        await sleeper.ReportAsync(new Report("g", [One(Home, 2)]), Stop);
        asleep.Advance(TimeSpan.FromHours(8));
        sleeper.ExpireAndSave();
        Assert.Equal(2, (await sleeper.GetAsync(CountKey.ForPage(Home), Stop)).Viewers);
        asleep.Advance(TimeSpan.FromSeconds(1));
        sleeper.ExpireAndSave();
        Assert.Equal(0, (await sleeper.GetAsync(CountKey.ForPage(Home), Stop)).Viewers);
    }

    [Fact]
    public async Task The_feed_ends_by_its_token_only()
    {
        using var stop = new CancellationTokenSource();
        var changes = Cluster.ChangesAsync(stop.Token).GetAsyncEnumerator(Stop);
        var next = changes.MoveNextAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
    }

    [Fact]
    public async Task A_report_that_is_given_up_is_not_taken()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Cluster.ReportAsync(new Report("g", [One(Home, 1)]), new CancellationToken(canceled: true)));
        Assert.Equal(0, (await Cluster.GetAsync(CountKey.ForPage(Home), Stop)).Viewers);
    }

    [Fact]
    public async Task A_full_site_and_a_full_cluster_refuse_what_is_new_and_count_what_is_known()
    {
        using var small = new TemporaryDirectory();
        await using var limited = Open(small, new EmbeddedOptions { MaxPagesPerSite = 1, MaxSites = 1 });
        PageKey second = new("example.com", "/second"), foreign = new("other.org", "/");
        var reply = await limited.ReportAsync(new Report("g", [One(Home, 1), One(second, 1), One(foreign, 1)]), Stop);
        Assert.Equal([second, foreign], reply.Refused);
        Assert.Equal([(CountKey.ForPage(Home), 1), (CountKey.ForSite("example.com"), 1)], reply.Totals.Select(t => (t.Key, t.Viewers)));
        Assert.Equal(0, (await limited.GetAsync(CountKey.ForSite("other.org"), Stop)).Arrivals);
    }

    [Fact]
    public async Task A_full_site_makes_room_by_forgetting_idle_pages_that_hardly_anybody_came_to()
    {
        using var small = new TemporaryDirectory();
        await using var limited = Open(small, new EmbeddedOptions { MaxPagesPerSite = 2, MaxSites = 1 });
        PageKey invented = new("example.com", "/invented"), known = new("example.com", "/known"), late = new("example.com", "/late");
        await limited.ReportAsync(new Report("g", [Page(invented, 1, 1, arrivals: 3), Page(known, 2, 1, arrivals: 4)]), Stop);
        await limited.ReportAsync(new Report("g", [Page(invented, 3, 0, arrivals: 3), Page(known, 4, 0, arrivals: 4)]), Stop);
        Assert.Equal([late], (await limited.ReportAsync(new Report("g", [Page(late, 5, 1, arrivals: 1)]), Stop)).Refused);

        Clock.Advance(TimeSpan.FromHours(3));
        limited.ExpireAndSave();
        Assert.Empty((await limited.ReportAsync(new Report("g", [Page(late, 6, 1, arrivals: 1)]), Stop)).Refused);
        Assert.Equal(0, (await limited.GetAsync(CountKey.ForPage(invented), Stop)).Arrivals);
        Assert.Equal(4, (await limited.GetAsync(CountKey.ForPage(known), Stop)).Arrivals);
    }

    [Fact]
    public async Task A_full_cluster_makes_room_by_forgetting_sites_without_a_page_worth_keeping()
    {
        using var small = new TemporaryDirectory();
        await using var limited = Open(small, new EmbeddedOptions { MaxSites = 1 });
        PageKey foreign = new("other.org", "/");
        await limited.ReportAsync(new Report("g", [Page(Home, 1, 1, arrivals: 1)]), Stop);
        await limited.ReportAsync(new Report("g", [Page(Home, 2, 0, arrivals: 1)]), Stop);
        Clock.Advance(TimeSpan.FromHours(3));
        limited.ExpireAndSave();
        Assert.Equal([foreign], (await limited.ReportAsync(new Report("g", [Page(foreign, 3, 1, arrivals: 1)]), Stop)).Refused);
        limited.ExpireAndSave();
        Assert.Empty((await limited.ReportAsync(new Report("g", [Page(foreign, 4, 1, arrivals: 1)]), Stop)).Refused);
    }

    [Fact]
    public async Task Reports_from_many_threads_add_up()
    {
        const int Gateways = 8;
        using var together = new Barrier(Gateways);
        await Task.WhenAll(Enumerable.Range(0, Gateways).Select(g => Task.Factory.StartNew(
            async () =>
            {
                together.SignalAndWait(Stop);
                for (var i = 1; i <= 500; i++)
                {
                    var report = new PageReport(Home, 1, i, i % 7, i);
                    await Cluster.ReportAsync(new Report($"g{g}", [report]), Stop);
                }
            },
            Stop, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
        var status = await Cluster.GetAsync(CountKey.ForSite("example.com"), Stop);
        Assert.Equal((Gateways * (500 % 7), Gateways * 500L), (status.Viewers, status.Arrivals));
    }

    /// <summary>A clock whose timers never fire, as on a machine that sleeps.</summary>
    private sealed class WithoutTimers(TimeProvider clock) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            clock.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private static PageReport Page(PageKey page, long sequence, int viewers, long arrivals) => new(page, 1, sequence, viewers, arrivals);
}
