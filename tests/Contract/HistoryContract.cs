using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Counting.Totals;
using Xunit;

namespace Counter.Tests.Contract;

/// <summary>Totals keep peaks, arrivals, and the history by minute, hour and day.</summary>
public abstract class HistoryContract : ClusterContract
{
    protected override EngineSetup Setup => new(TimeSpan.FromDays(3000));

    [Fact]
    public async Task The_peak_is_dated_when_it_was_first_reached()
    {
        var begin = Engine.Now;
        await JoinAsync("a", Viewers(Home, 2));
        await AdvanceAsync(60);
        await ReportAsync("a", Viewers(Home, 1, arrivals: 2));
        await JoinAsync("b", Viewers(Home, 1));
        Assert.Equal(new(CountKey.ForPage(Home), 2, 2, begin, 3, begin), await PageAsync(Home));
        await AdvanceAsync(60);
        await ReportAsync("b", Viewers(Home, 2));
        Assert.Equal(new(CountKey.ForPage(Home), 3, 3, begin.AddMinutes(2), 4, begin), await PageAsync(Home));
        Assert.Equal(new(CountKey.ForSite("example.com"), 3, 3, begin.AddMinutes(2), 4, begin), await SiteAsync());
    }

    [Fact]
    public async Task A_viewer_who_opens_and_closes_between_two_reports_is_an_arrival()
    {
        await JoinAsync("g", Viewers(Home, 0, arrivals: 1), Viewers(Second, 0, arrivals: 0));
        Assert.Equal(new(CountKey.ForPage(Home), 0, 0, null, 1, Engine.Now), await PageAsync(Home));
        Assert.Equal(new(CountKey.ForPage(Second), 0, 0, null, 0, null), await PageAsync(Second));
    }

    [Fact]
    public async Task The_mean_is_weighted_by_time_and_the_current_step_by_its_elapsed_time()
    {
        var begin = Engine.Now;
        await JoinAsync("g", Viewers(Second, 0));
        await AdvanceAsync(45);
        await ReportAsync("g", Viewers(Home, 4));
        await AdvanceAsync(30);
        await ReportAsync("g", Viewers(Home, 1, arrivals: 4));
        await AdvanceAsync(15);
        Assert.Equal(
            [new(begin, 4, 1.0, 4), new(begin.AddMinutes(1), 4, ((15 * 4) + (15 * 1)) / 30.0, 0)],
            await Other.GetHistoryAsync(CountKey.ForPage(Home), HistoryStep.Minute, begin, begin.AddHours(1), Stop));
    }

    [Fact]
    public async Task The_range_is_rounded_and_cut_to_the_stored_steps()
    {
        var now = Engine.Now;
        await JoinAsync("g", Viewers(Home, 1));
        await AdvanceAsync(90);
        foreach (var step in Enum.GetValues<HistoryStep>())
        {
            var all = await Cluster.GetHistoryAsync(CountKey.ForPage(Home), step, DateTimeOffset.UnixEpoch, now.AddYears(9), Stop);
            Assert.Equal(step.Keep() / step.Width(), all.Count, tolerance: 1.01);
            Assert.Empty(await Cluster.GetHistoryAsync(CountKey.ForPage(Home), step, now, now, Stop));
            Assert.Empty(await Cluster.GetHistoryAsync(CountKey.ForPage(Home), step, now.AddYears(1), now.AddYears(2), Stop));
            Assert.Equal(all[^1], Assert.Single(await Cluster.GetHistoryAsync(
                CountKey.ForPage(Home), step, Engine.Now.AddMilliseconds(-1), now.AddYears(1), Stop)));
        }
    }

    /// <summary>Compares weeks of a site with two pages at two gateways with the counter logic in memory.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_history_equals_that_of_a_tally_with_the_same_reports(int seed)
    {
        var random = new Random(seed);
        var pages = new Dictionary<PageKey, PageTotals>();
        var site = new Tally(Engine.Now);
        await RenewAsync("a");
        await RenewAsync("b");
        var viewers = new Dictionary<(string Gateway, PageKey Page), int>();
        var arrivals = new Dictionary<(string Gateway, PageKey Page), long>();
        for (var i = 1; i <= 60; i++)
        {
            var gateway = random.Next(2) == 0 ? "a" : "b";
            var page = random.Next(2) == 0 ? Home : Second;
            var now = random.Next(5) * random.Next(2);
            arrivals[(gateway, page)] = arrivals.GetValueOrDefault((gateway, page)) + Math.Max(0, now - viewers.GetValueOrDefault((gateway, page))) + random.Next(4);
            viewers[(gateway, page)] = now;
            await ReportAsync(gateway, Viewers(page, now, arrivals[(gateway, page)]));
            var counter = pages.TryGetValue(page, out var known) ? known : pages[page] = new PageTotals(page, new Tally(Engine.Now));
            var arrived = -counter.Tally.Arrivals;
            counter.Apply(new PageReport(page, 1, i, viewers.Where(at => at.Key.Page == page).Sum(at => at.Value), arrivals.Where(at => at.Key.Page == page).Sum(at => at.Value)), Engine.Now);
            site.Observe(pages.Values.Sum(p => p.Tally.Viewers), arrived + counter.Tally.Arrivals, Engine.Now);
            await Engine.AdvanceAsync(random.Next(6) switch
            {
                0 => TimeSpan.FromMilliseconds(random.Next(100)),
                1 => TimeSpan.FromSeconds(random.Next(20)),
                2 => TimeSpan.FromMinutes(1) - TimeSpan.FromMilliseconds(Engine.Now.ToUnixTimeMilliseconds() % 60_000),
                3 => TimeSpan.FromMinutes(random.Next(200)),
                4 => TimeSpan.FromMilliseconds(random.Next(7_200_000)),
                _ => TimeSpan.FromHours(random.Next(30)),
            });
        }

        foreach (var step in Enum.GetValues<HistoryStep>())
        {
            var (from, to) = (Engine.Now - (step.Keep() * random.NextDouble()), Engine.Now + TimeSpan.FromDays(1));
            foreach (var key in new[] { CountKey.ForSite("example.com"), CountKey.ForPage(Home), CountKey.ForPage(Second) })
            {
                var tally = key.Of == CountOf.Site ? site : pages[new PageKey(key.Site, key.Path)].Tally;
                Assert.Equal(tally.Status(key), await Other.GetAsync(key, Stop));
                Assert.Equal(tally.Read(step, from, to, Engine.Now), await Other.GetHistoryAsync(key, step, from, to, Stop));
            }
        }
    }
}
