using System.Diagnostics;
using System.Globalization;
using Counter.Postgres.Tests.Support;
using Npgsql;
using Xunit;

namespace Counter.Postgres.Tests.Faults;

/// <summary>What dies or is cut off while people watch, for real: three gateway processes, a database, and 3,000 streams.</summary>
/// <remarks>The times are measured, so nothing else runs beside.</remarks>
[CollectionDefinition(nameof(FaultTests), DisableParallelization = true)]
[Collection(nameof(FaultTests))]
public sealed class FaultTests(ITestOutputHelper output) : ServerTest
{
    private const int Streams = 3000;
    private const int ToAndFro = 150;

    private static readonly int[] All = [0, 1, 2];
    private static readonly int[] Others = [1, 2];

    [Fact]
    public async Task A_gateway_that_is_killed_takes_its_viewers_with_it()
    {
        await using var trio = await Trio.StartAsync(Streams, _ => ConnectionString);
        trio[0].Kill();
        Say(await trio.RightAsync("(a) the others are right after kill -9", Stopwatch.StartNew(), Seconds(20), Others, Others));
        Assert.Equal(0, trio.Crowd(1).Lost + trio.Crowd(2).Lost);
    }

    [Fact]
    public async Task A_gateway_that_is_stopped_says_goodbye()
    {
        await using var trio = await Trio.StartAsync(Streams, _ => ConnectionString);
        await trio[0].SignalAsync("TERM");
        Assert.Equal(0, await trio[0].ExitAsync());
        Say(await trio.RightAsync("(b) the others are right after a proper stop", Stopwatch.StartNew(), Seconds(1), Others, Others));
        Assert.Equal(0, trio.Crowd(1).Lost + trio.Crowd(2).Lost);
    }

    [Fact]
    public async Task A_database_that_crashes_ends_no_stream()
    {
        await using var trio = await Trio.StartAsync(Streams, _ => ConnectionString);
        await Server.CrashAsync(async () =>
        {
            trio.Crowd(0).Go(ToAndFro);
            await trio.Crowd(1).ComeAsync(ToAndFro / 2, Stop);
            await Task.Delay(Seconds(3), Stop);
        });
        Say(await trio.RightAsync("(c) all are right after PostgreSQL came back", Stopwatch.StartNew(), Seconds(10), All, All));
        Assert.Equal(0, trio.Lost);
    }

    [Fact]
    public async Task A_gateway_that_is_cut_off_from_the_database_goes_on_showing()
    {
        using var wire = new Wire(new NpgsqlConnectionStringBuilder(ConnectionString).Port);
        await using var trio = await Trio.StartAsync(
            Streams, i => i == 0 ? new NpgsqlConnectionStringBuilder(ConnectionString) { Port = wire.Port }.ConnectionString : ConnectionString);
        wire.Hold();
        var cut = Stopwatch.StartNew();
        Say(await trio.RightAsync("(d) the others drop the viewers of who is cut off", cut, Seconds(20), Others, Others, visitors: false));
        trio.Crowd(0).Go(ToAndFro);
        Say(await trio.RightAsync("(d) who is cut off goes on showing", Stopwatch.StartNew(), Seconds(2), [0], All));
        await Task.Delay(Seconds(60) - cut.Elapsed, Stop);
        wire.LetGo();
        Say(await trio.RightAsync("(d) all are right after it healed", Stopwatch.StartNew(), Seconds(10), All, All));
        Assert.Equal(0, trio.Lost);
    }

    [Fact]
    public async Task A_gateway_that_stood_still_does_not_bring_back_who_left()
    {
        await using var trio = await Trio.StartAsync(Streams, _ => ConnectionString);
        await trio[0].SignalAsync("STOP");
        var stopped = Stopwatch.StartNew();
        await trio.RightAsync("the others drop the viewers of who stands still", stopped, Seconds(20), Others, Others);
        trio.Crowd(0).Go(trio.Crowd(0).Present);
        await Task.Delay(Seconds(40) - stopped.Elapsed, Stop);
        trio.Site(1).Forget();
        trio.Site(2).Forget();
        await trio[0].SignalAsync("CONT");
        var resumed = Stopwatch.StartNew();
        Say(await trio.RightAsync("(e) who stood still is right", resumed, Seconds(10), All, All));
        await Task.Delay(Seconds(10), Stop);
        await trio.RightAsync("everybody is still right", resumed, Seconds(12), All, All);
        Say(string.Create(CultureInfo.InvariantCulture, $"(e) the most that the others showed of {Streams / 3 * 2}: {trio.Site(1).Highest} and {trio.Site(2).Highest}"));
        Assert.Equal((Streams / 3 * 2, Streams / 3 * 2), (trio.Site(1).Highest, trio.Site(2).Highest));
    }

    [Fact]
    public async Task The_clocks_of_gateways_do_not_matter()
    {
        const string Library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
        Assert.SkipUnless(File.Exists(Library), "libfaketime is not installed (apt install faketime).");
        await using var trio = await Trio.StartAsync(Streams, _ => ConnectionString, i => i == 2 ? [] : new()
        {
            // The clock that only measures how much time passes is the same at any hour.
            ["LD_PRELOAD"] = Library,
            ["FAKETIME"] = i == 0 ? "+600s" : "-600s",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        });
        await AssertOffAsync(trio, 0, 600);
        await AssertOffAsync(trio, 1, -600);
        var longer = Stopwatch.StartNew();
        await Task.Delay(Seconds(17), Stop);
        await trio.RightAsync("nobody was dropped", longer, Seconds(20), All, All);
        Assert.All(All, i => Assert.Equal(Streams, trio.Site(i).Highest));
        Say("(f) nobody was dropped for 17 s, which is longer than a lease");
        trio.Crowd(0).Go(ToAndFro);
        await trio.Crowd(1).ComeAsync(ToAndFro / 2, Stop);
        Say(await trio.RightAsync("(f) all are right after people came and went", Stopwatch.StartNew(), Seconds(2), All, All));
        Assert.Equal(0, trio.Lost);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    /// <summary>That a gateway's clock is off is seen by what it writes.</summary>
    private static async Task AssertOffAsync(Trio trio, int i, double seconds)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(trio[i].Addresses[0], "/health/live"), Stop);
        Assert.Equal(seconds, (answer.Headers.Date!.Value - DateTimeOffset.UtcNow).TotalSeconds, tolerance: 5);
    }

    private void Say(string line)
    {
        output.WriteLine(line);
        TestContext.Current.SendDiagnosticMessage(line);
    }
}
