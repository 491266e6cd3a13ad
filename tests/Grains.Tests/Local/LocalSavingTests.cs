using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Counting.Polls;
using Counter.Counting.Presence;
using Counter.Gateway.Tests.Support;
using Counter.Grains.Tests.Support;
using Counter.Tests.Support;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Counter.Grains.Tests.Local;

/// <summary>What a gateway with a silo in its process stores and when, and what it restores.</summary>
public sealed class LocalSavingTests : IDisposable
{
    private const int Many = 1500;

    private static readonly PageKey Home = new("example.com", "/");
    private static readonly PageKey Foreign = new("other.org", "/");
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider clock = new();
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("counter-test-");
    private readonly TestGateway gateway = new("g", new CountLimits(1000, 100_000, 100_000), TimeProvider.System);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => clock.GetUtcNow();

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task A_kill_loses_at_most_one_interval_with_any_number_of_pages()
    {
        PageKey[] pages = [Home, .. Enumerable.Range(0, 1200).Select(page => Home with { Path = $"/{page}" })];
        await using var silo = await LocalSilo.StartAsync(Place("first"), clock);
        var began = Now;
        await ReportAsync(silo, [.. pages.Select(page => Viewers(page, 2))]);
        await PassUntilAsync(silo, () => silo.Stored("page").Count == pages.Length && silo.Stored("site").Count == 1, "all pages to be stored");
        Assert.InRange(Now - began, TimeSpan.FromSeconds(10), TimeSpan.MaxValue);
        await ReportAsync(silo, Viewers(Home, 9));
        silo.CopyTo(Place("killed"));

        await using var again = await LocalSilo.StartAsync(Place("killed"), clock);
        var found = await again.Cluster.ListPagesAsync("example.com", new CountQuery(CountOrder.Name, "", null, 2000), Stop);
        Assert.Equal(pages.Length, found.Count);
        Assert.All(found.Where(page => page.Key.Path != Home.Path), page => Assert.Equal((0, 2, 2L), (page.Viewers, page.Peak, page.Arrivals)));
        foreach (var key in (CountKey[])[CountKey.ForPage(Home), CountKey.ForSite("example.com")])
        {
            // The last report may have been stored already, when storing the others took longer than an interval.
            var least = key.Of == CountOf.Page ? 2 : 2 * pages.Length;
            var status = await again.Cluster.GetAsync(key, Stop);
            Assert.Contains(status.Peak, (int[])[least, least + 7]);
            Assert.Equal((0, status.Peak), (status.Viewers, status.Arrivals));
            Assert.Equal(began, status.Since);
            var hour = (await again.Cluster.GetHistoryAsync(key, HistoryStep.Hour, began, began.AddHours(1), Stop))[0];
            Assert.Contains(hour.Peak, (int[])[least, least + 7]);
            Assert.Equal(hour.Peak, hour.Arrivals);
        }
    }

    [Fact]
    public async Task A_kill_loses_no_answered_vote()
    {
        const string Poll = "example.com/1";
        await using var silo = await LocalSilo.StartAsync(Place("first"), clock);
        for (var i = 1UL; i <= 20; i++)
        {
            var vote = new PollVote("Yes", i, Ballots.AnyNetwork, i, new NewPoll("/", "tea", new PollDefinition("Tea?", ["Yes", "No"])));
            Assert.Equal(VoteEnd.Taken, (await silo.Cluster.VoteAsync(Poll, vote, new BallotLimits(1000, 100), Stop)).End);
        }

        silo.CopyTo(Place("killed"));
        await using var again = await LocalSilo.StartAsync(Place("killed"), clock);
        var stored = await again.Cluster.Documents.FindAsync(DocumentKind.Poll, Poll, Stop);
        Assert.Contains("\"votes\":[20,0]", stored!.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_with_viewers_is_stored_each_interval_and_an_idle_one_is_not()
    {
        await using var silo = await LocalSilo.StartAsync(Place("first"), clock);
        var began = Now;
        await ReportAsync(silo, Viewers(Home, 1), Viewers(Foreign, 1));
        await ReportAsync(silo, Viewers(Foreign, 0, arrivals: 1));
        await PassUntilAsync(silo, () => silo.Stored("page").Count == 2 && silo.Stored("site").Count == 2, "both to be stored");
        var (pages, sites) = (silo.Stored("page"), silo.Stored("site"));
        await PassUntilAsync(silo, () => Now > began.AddMinutes(6), "some time to pass");
        var before = silo.Stored("page");
        await PassUntilAsync(silo, () => Changed(before, silo.Stored("page")).Any(), "time to be stored");

        Assert.EndsWith(GrainKeys.Of(Home), Assert.Single(Changed(pages, silo.Stored("page"))), StringComparison.Ordinal);
        Assert.EndsWith("example.com", Assert.Single(Changed(sites, silo.Stored("site"))), StringComparison.Ordinal);
        silo.CopyTo(Place("killed"));

        await using var again = await LocalSilo.StartAsync(Place("killed"), clock);
        foreach (var key in (CountKey[])[CountKey.ForPage(Home), CountKey.ForSite("example.com")])
        {
            var points = await again.Cluster.GetHistoryAsync(key, HistoryStep.Minute, began, began.AddMinutes(5), Stop);
            Assert.Equal([1.0, 1.0, 1.0, 1.0, 1.0], points.Select(point => point.Mean));
        }
    }

    [Fact]
    public async Task Only_changed_parts_of_a_large_site_are_stored()
    {
        await using var silo = await LocalSilo.StartAsync(Place("first"), clock);
        foreach (var (pages, parts) in ((int, int)[])[(600, 2), (Many, 8)])
        {
            await ReportAsync(silo, Crowded(arrivals: 1)[..pages]);
            await PassUntilAsync(silo, () => Parts().Count == parts && silo.Stored("page").Count == pages, "the pages to be stored");
            Assert.All(Parts().Keys, name => Assert.StartsWith($"pages-{parts}-", name, StringComparison.Ordinal));
        }

        var before = Parts();
        await ReportAsync(silo, Viewers(Home with { Path = "/7" }, 0, arrivals: 2));
        await PassUntilAsync(silo, () => Changed(before, Parts()).Any(), "a part to be stored");
        Assert.Single(Changed(before, Parts()));

        Assert.True(await silo.Cluster.DeleteAsync(CountKey.ForSite(Home.Site), Stop));
        Assert.Empty(Of());
        Assert.Empty(silo.Stored("page"));

        IReadOnlyDictionary<string, long> Of() => silo.StoredOf("site/" + Home.Site);
        Dictionary<string, long> Parts() => Of().Where(state => state.Key != "site").ToDictionary();
    }

    [Fact]
    public async Task After_a_suspend_gateways_get_a_new_lease()
    {
        await using var silo = await LocalSilo.StartAsync(Place("first"), clock);
        await ReportAsync(silo, Viewers(Home, 2));
        clock.Jump(TimeSpan.FromHours(8));
        await silo.RefreshSilosAsync();
        Assert.Equal(2, (await silo.Cluster.GetAsync(CountKey.ForPage(Home), Stop)).Viewers);
        for (var i = 0; i < 15; i++)
        {
            clock.Advance(Second);
            await silo.RefreshSilosAsync();
        }

        Assert.Equal(0, (await silo.Cluster.GetAsync(CountKey.ForPage(Home), Stop)).Viewers);
    }

    [Fact]
    public async Task A_full_disk_is_logged_once_and_recovers_without_a_loss()
    {
        await using var disk = new SmallDisk();
        var problem = await disk.TryMountAsync();
        Assert.SkipWhen(problem is not null, problem ?? "");
        await using (var silo = await LocalSilo.StartAsync(disk.Directory, clock))
        {
            Assert.NotNull(await PutAsync(silo, "kept", "1"));
            disk.Fill();
            await ReportAsync(silo, Crowded(arrivals: 1));
            await PassUntilAsync(silo, () => silo.IsFailing, "a failure");
            await Assert.ThrowsAsync<IOException>(() => PutAsync(silo, "refused", new string('x', 60_000)));
            Assert.Null(await silo.Cluster.Documents.FindAsync(DocumentKind.Site, "refused", Stop));

            // Longer than a page that nobody looks at stays in memory.
            var until = Now.AddMinutes(10);
            await PassUntilAsync(silo, () => Now > until, "some time to pass");
            Assert.Contains("cannot be stored (", Assert.Single(silo.Log.Lines, line => line.Level >= LogLevel.Warning).Text, StringComparison.Ordinal);
            disk.Free();
            await PassUntilAsync(silo, () => !silo.IsFailing && silo.Stored("page").Count == Many, "everything to be stored");
            Assert.NotNull(await PutAsync(silo, "accepted", "1"));
            Assert.Single(silo.Log.Lines, line => line.Text.Contains("Changes can be stored again", StringComparison.Ordinal));
        }

        await using var again = await LocalSilo.StartAsync(disk.Directory, clock);
        var known = await again.Cluster.Documents.ListAsync(DocumentKind.Site, "", null, 10, descending: false, Stop);
        Assert.Equal(["accepted", "kept"], known.Select(document => document.Id));
        Assert.Equal(Many, (await again.Cluster.GetAsync(CountKey.ForSite("example.com"), Stop)).Arrivals);
    }

    [Fact]
    public async Task A_stop_with_a_full_disk_logs_the_loss()
    {
        await using var disk = new SmallDisk();
        var problem = await disk.TryMountAsync();
        Assert.SkipWhen(problem is not null, problem ?? "");
        var silo = await LocalSilo.StartAsync(disk.Directory, clock);
        await using (silo)
        {
            disk.Fill();
            await ReportAsync(silo, Crowded(arrivals: 1));
        }

        Assert.Single(silo.Log.Lines, line => line.Text.Contains("Stopped with ", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Changed(IReadOnlyDictionary<string, long> before, IReadOnlyDictionary<string, long> now) =>
        now.Where(row => before[row.Key] != row.Value).Select(row => row.Key);

    private static Task<long?> PutAsync(LocalSilo silo, string id, string json) =>
        silo.Cluster.Documents.TryChangeAsync([new(DocumentKind.Site, id, json)], Stop).AsTask();

    /// <summary>More pages than a disk that is full has room for.</summary>
    private static PageState[] Crowded(int arrivals) => [.. Enumerable.Range(0, Many).Select(page => Viewers(Home with { Path = $"/{page}" }, 0, arrivals))];

    private string Place(string name) => directory.CreateSubdirectory(name).FullName;

    private static PageState Viewers(PageKey page, int viewers, long? arrivals = null) => new(page, viewers, arrivals ?? viewers);

    private async Task ReportAsync(LocalSilo silo, params PageState[] pages)
    {
        await RenewAsync(silo);
        foreach (var page in pages)
        {
            gateway.Set(page);
        }

        Assert.True(await gateway.SendAsync(silo.Cluster));
        await silo.RefreshSilosAsync();
    }

    private static async Task RenewAsync(LocalSilo silo) =>
        await silo.Cluster.RenewAsync(new GatewayState("g", "machine", "1.0.0", DateTimeOffset.UnixEpoch, 1, 1), Stop);

    /// <summary>Advances the time, with a lease for the gateway, until a condition holds.</summary>
    private Task PassUntilAsync(LocalSilo silo, Func<bool> condition, string what) => Wait.UntilAsync(
        async () =>
        {
            clock.Advance(Second);
            await RenewAsync(silo);
            return condition();
        },
        what);
}
