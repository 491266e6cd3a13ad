using Counter.Counting.Cluster;
using Counter.Counting.Embedded;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Tests.Support;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Counter.Counting.Tests.Embedded;

public sealed class EmbeddedSavingTests : EmbeddedTest
{
    [Fact]
    public async Task Totals_and_history_survive_a_proper_stop()
    {
        await Report(Home, 3);
        Clock.Advance(TimeSpan.FromSeconds(5));
        await Cluster.DisposeAsync();
        await using var reopened = Open(Data);
        await AssertRemembered(reopened, 3);
        Assert.Contains(Log.At(LogLevel.Information), m => m.Contains("1 pages of 1 sites", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_process_that_is_killed_loses_at_most_the_last_interval()
    {
        await Report(Home, 3);
        Clock.Advance(TimeSpan.FromSeconds(10));
        Cluster.ExpireAndSave();
        await Report(Home, 9);
        using var killed = Data.AsIfKilled();
        await using var reopened = Open(killed);
        await AssertRemembered(reopened, 3);
    }

    [Fact]
    public async Task Viewers_who_stay_are_saved_as_time_passes_without_a_report()
    {
        using var elsewhere = new TemporaryDirectory();
        await using var patient = Open(elsewhere, new EmbeddedOptions { LeaseDuration = TimeSpan.FromHours(1) });
        await ReportTo(patient, One(Home, 1));
        for (var i = 0; i < 6; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(10));
            patient.ExpireAndSave();
        }

        using var killed = elsewhere.AsIfKilled();
        await using var reopened = Open(killed);
        var now = Clock.GetUtcNow();
        var points = await reopened.GetHistoryAsync(CountKey.ForPage(Home), HistoryStep.Minute, now.AddMinutes(-1), now, Stop);
        Assert.Equal(1.0, Assert.Single(points).Mean);
    }

    [Fact]
    public async Task All_pages_of_a_site_are_saved_however_many_there_are()
    {
        PageKey[] pages = [.. Enumerable.Range(0, 1201).Select(page => Home with { Path = $"/{page}" })];
        await ReportTo(Cluster, [.. pages.Select(page => One(page, 2))]);
        Clock.Advance(TimeSpan.FromSeconds(10));
        Cluster.ExpireAndSave();
        using var killed = Data.AsIfKilled();
        await using var reopened = Open(killed);
        foreach (var page in pages)
        {
            Assert.Equal(2, (await reopened.GetAsync(CountKey.ForPage(page), Stop)).Peak);
        }
    }

    [Fact]
    public async Task A_site_where_nothing_happens_is_not_saved_again()
    {
        await Report(Home, 0);
        Clock.Advance(TimeSpan.FromSeconds(10));
        Cluster.ExpireAndSave();
        var file = Assert.Single(Directory.GetFiles(Data.Sites));
        File.Delete(file);
        Clock.Advance(TimeSpan.FromMinutes(5));
        Cluster.ExpireAndSave();
        Assert.Empty(Directory.GetFiles(Data.Sites));
    }

    [Fact]
    public async Task Nothing_is_saved_before_the_interval_is_over()
    {
        await Report(Home, 1);
        Clock.Advance(TimeSpan.FromSeconds(9));
        Cluster.ExpireAndSave();
        Assert.Empty(Directory.GetFiles(Data.Sites));
    }

    [Fact]
    public async Task A_full_disk_is_told_once_and_nothing_is_lost_when_there_is_room_again()
    {
        // Writing through this link fails as on a full disk.
        var next = Path.Combine(Data.Sites, "example.com.json.gz.next");
        File.CreateSymbolicLink(next, "/dev/full");
        await Report(Home, 3);
        for (var i = 0; i < 3; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(10));
            Cluster.ExpireAndSave();
        }

        var told = Assert.Single(Log.At(LogLevel.Error));
        Assert.Contains("could not be saved", told, StringComparison.Ordinal);
        Assert.Equal(3, (await Cluster.GetAsync(CountKey.ForPage(Home), Stop)).Peak);

        File.Delete(next);
        Clock.Advance(TimeSpan.FromSeconds(10));
        Cluster.ExpireAndSave();
        Assert.Contains(Log.At(LogLevel.Information), m => m.StartsWith("Saving works again", StringComparison.Ordinal));
        using var killed = Data.AsIfKilled();
        await using var reopened = Open(killed);
        Assert.Equal(3, (await reopened.GetAsync(CountKey.ForPage(Home), Stop)).Peak);
    }

    [Fact]
    public async Task Stopping_with_a_full_disk_says_what_is_lost()
    {
        File.CreateSymbolicLink(Path.Combine(Data.Sites, "example.com.json.gz.next"), "/dev/full");
        await Report(Home, 3);
        await Cluster.DisposeAsync();
        Assert.Contains(Log.At(LogLevel.Error), m => m.StartsWith("Stopped with 1 sites unsaved", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_site_that_nobody_looked_at_for_two_years_is_forgotten_with_its_file()
    {
        await Report(Home, 0, arrivals: 1);
        await Cluster.DisposeAsync();
        Clock.Advance(TimeSpan.FromDays(732));
        await using var reopened = Open(Data);
        Clock.Advance(TimeSpan.FromHours(1));
        reopened.ExpireAndSave();
        Assert.Empty(Directory.GetFiles(Data.Sites));
        Assert.Equal(0, (await reopened.GetAsync(CountKey.ForSite("example.com"), Stop)).Arrivals);
    }

    [Fact]
    public async Task After_it_stopped_calls_do_no_harm()
    {
        await Cluster.DisposeAsync();
        await Cluster.DisposeAsync();
        await Report(Home, 1);
        Clock.Advance(TimeSpan.FromMinutes(1));
        Cluster.ExpireAndSave();
        Assert.Empty(Directory.GetFiles(Data.Sites));
    }

    private static async Task AssertRemembered(EmbeddedCluster reopened, int viewers)
    {
        foreach (var key in (CountKey[])[CountKey.ForPage(Home), CountKey.ForSite("example.com")])
        {
            var status = await reopened.GetAsync(key, Stop);
            var began = new ManualTimeProvider().GetUtcNow();
            Assert.Equal(new CountStatus(key, 0, viewers, began, viewers, began), status);
            var points = await reopened.GetHistoryAsync(key, HistoryStep.Hour, began, began.AddDays(1), Stop);
            Assert.Equal((viewers, (long)viewers), (points[0].Peak, points[0].Arrivals));
            Assert.InRange(points[0].Mean, 0.1, viewers);
        }
    }
}
