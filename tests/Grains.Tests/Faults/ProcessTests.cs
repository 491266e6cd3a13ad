using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Counter.Gateway.Settings;
using Counter.Gateway.Tests.Support;
using Counter.Gateway.Visitors;
using Counter.Grains.Tests.Support;
using Microsoft.Extensions.Options;
using Npgsql;
using Xunit;

namespace Counter.Grains.Tests.Faults;

/// <summary>Two silos and two gateways as processes, with a database and hundreds of streams: each is killed, suspended or replaced.</summary>
/// <remarks>The times are measured, so nothing else runs beside. Starting all that takes as long as what happens to it, so one deployment goes through much.</remarks>
[CollectionDefinition(nameof(ProcessTests), DisableParallelization = true)]
[Collection(nameof(ProcessTests))]
public sealed partial class ProcessTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Pages = 20;
    private const int ToAndFro = 50;
    private const string Choice = "Lapsang";

    private static readonly int[] First = [0];

    // What is promised is 10, 20 and 30 s; the machine that runs the tests does other things too. What it took is printed.
    private static readonly TimeSpan Ten = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Twenty = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Half = TimeSpan.FromSeconds(120);

    // Those that take minutes hold up everything else where all tests run.
    private static readonly bool All = Environment.GetEnvironmentVariable("COUNTER_FAULTS") == "all";

    private static readonly int Streams = All ? 600 : 400;

    private readonly Server server = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Connection => server.ConnectionString("postgres") + ";Maximum Pool Size=15";

    public async ValueTask InitializeAsync() => Assert.SkipUnless(await server.TryStartAsync(), server.Problem ?? "");

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task After_any_process_is_killed_or_suspended_numbers_recover_and_no_stream_ends()
    {
        await using var all = await Deployment.StartAsync(Connection, Streams);
        await VoteAsync(all);
        await using var activity = await Activity.StartAsync(all);
        Log("before anything happens, " + await activity.CheckAsync());
        foreach (var happen in (Func<Deployment, Task>[])(All
            ? [ReplaceSilosAsync, StopGatewayAsync, CrashDatabaseAsync, StopAndContinueGatewayAsync, KillSiloAsync, StopAndContinueSiloAsync, KillAllSilosAsync]
            : [ReplaceSilosAsync, StopGatewayAsync, CrashDatabaseAsync, KillSiloAsync]))
        {
            await happen(all);
            Assert.Equal(0, all.Lost);
            if (happen == StopGatewayAsync)
            {
                await activity.OpenAsync(1);
            }

            Log(await activity.CheckAsync());
        }

        activity.Close(1);
        await KillBothAsync(all);
        Log(await activity.CheckAsync());
        Assert.NotEqual(0, activity.Votes);
        AssertNothingPersonal(all.Output);
    }

    [Fact]
    public async Task Wrong_clocks_do_not_affect_numbers()
    {
        const string Library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
        Assert.SkipUnless(All, "It takes a minute of both processors: COUNTER_FAULTS=all tests/run Grains runs it, and longer faults.");
        Assert.SkipUnless(File.Exists(Library), "libfaketime is not installed (apt install faketime).");
        await using var all = await Deployment.StartAsync(Connection, Streams, i => new()
        {
            // The clock that only measures how much time passes is the same at any hour.
            ["LD_PRELOAD"] = Library,
            ["FAKETIME"] = i == 0 ? "+300s" : "-300s",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        });
        await AssertOffAsync(all, 0, 300);
        await AssertOffAsync(all, 1, -300);
        all.Forget();
        var longer = Stopwatch.StartNew();
        while (longer.Elapsed < TimeSpan.FromSeconds(17))
        {
            await Task.Delay(TimeSpan.FromSeconds(1), Stop);
        }

        Assert.All(all.Displays, d => Assert.Equal((Streams, Streams), (d.Site.Lowest, d.Site.Highest)));
        Log("nobody was dropped for 17 s, which is longer than a lease");
        all.Crowds[0].Go(ToAndFro);
        await all.Crowds[1].ComeAsync(ToAndFro / 2, Stop);
        Log(await all.RightAsync("both are right after people came and went", Stopwatch.StartNew(), Ten, Deployment.Both));
        Assert.Equal(0, all.Lost);
        all.Gateways[1].Kill();
        Log(await all.RightAsync("the other gateway is right after kill -9 of one", Stopwatch.StartNew(), Twenty, First));
        Assert.Equal(0, all.Crowds[0].Lost);
    }

    /// <summary>Somebody chooses something; the logs are to have nothing of it.</summary>
    private static async Task VoteAsync(Deployment all)
    {
        using var http = new HttpClient { BaseAddress = all.Gateways[0].Addresses[0] };
        var path = $"/poll/tea?site={Crowd.Site}&page=/0&question=Which%3F&options={Choice},Assam";
        var token = Token().Match(await http.GetStringAsync("/embed" + path, Stop)).Groups[1].Value;
        using var answer = await http.PostAsync(path, new FormUrlEncodedContent(new Dictionary<string, string> { ["token"] = token, ["answer"] = Choice }), Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    private async Task ReplaceSilosAsync(Deployment all)
    {
        using var visitors = new Crowd(all.Gateways[0].Addresses[0]);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var load = ComeAndGoAsync(visitors, enough.Token);
        all.Forget();
        foreach (var _ in Deployment.Both)
        {
            await all.AddSiloAsync();
            var watch = Stopwatch.StartNew();
            Assert.Equal(0, await all.Silos[0].StopAsync());
            Log(string.Create(CultureInfo.InvariantCulture, $"a silo stopped in {watch.Elapsed.TotalSeconds:F1} s"));
            await all.RemoveSiloAsync(0);
        }

        await enough.CancelAsync();
        await load;
        visitors.Go(visitors.Present);
        Log(await all.RightAsync("both gateways are right after both silos were replaced", Stopwatch.StartNew(), Half, Deployment.Both));
        Log("the least that was shown: " + string.Join(", ", all.Displays.Select(d => (d.Site.Lowest, d.Page.Lowest))));

        // What was seen before a silo stopped may be older than who just came or went: one on each page.
        Assert.All(all.Displays, d => Assert.InRange(d.Site.Lowest, Streams - Pages, Streams));
        Assert.All(all.Displays, d => Assert.InRange(d.Page.Lowest, (Streams / Pages) - 1, Streams / Pages));
        Assert.Equal(0, visitors.Lost);
    }

    private async Task CrashDatabaseAsync(Deployment all)
    {
        await server.CrashAsync(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                all.Crowds[0].Go(ToAndFro / 10);
                await all.Crowds[1].ComeAsync(ToAndFro / 20, Stop);
                await Task.Delay(TimeSpan.FromSeconds(1), Stop);
            }

            Log(await all.RightAsync("both are right while the database is away", Stopwatch.StartNew(), Ten, Deployment.Both));
            all.Crowds[0].Go(ToAndFro);
        });
        Log(await all.RightAsync("both are right after the database came back", Stopwatch.StartNew(), Ten, Deployment.Both));
    }

    private async Task StopAndContinueGatewayAsync(Deployment all)
    {
        await all.Gateways[1].SignalAsync("STOP");
        var stopped = Stopwatch.StartNew();
        Log(await all.RightAsync("the other gateway drops the viewers of one that stands still", stopped, Twenty, First));
        all.Crowds[1].Go(all.Crowds[1].Present);
        while (stopped.Elapsed < TimeSpan.FromSeconds(40))
        {
            await Task.Delay(TimeSpan.FromSeconds(1), Stop);
        }

        all.Forget();
        await all.Gateways[1].SignalAsync("CONT");
        var resumed = Stopwatch.StartNew();
        Log(await all.RightAsync("the gateway that stood still is right", resumed, Ten, Deployment.Both));
        Assert.Equal(all.Crowds[0].Present, all.Displays[0].Site.Highest);
        await all.Crowds[1].ComeAsync(Streams / 2, Stop);
        Log(await all.RightAsync("both are right when people come to it again", Stopwatch.StartNew(), Ten, Deployment.Both));
    }

    private async Task KillSiloAsync(Deployment all)
    {
        all.Forget();
        all.Silos[0].Kill();
        var killed = Stopwatch.StartNew();
        all.Crowds[0].Go(ToAndFro);
        Log(await all.RightAsync("both are right after kill -9 of a silo", killed, Twenty, Deployment.Both));
        AssertNeverLess(all, all.Crowds.Sum(crowd => crowd.Present));
        await all.RemoveSiloAsync(0);
        await all.AddSiloAsync();
    }

    private async Task StopAndContinueSiloAsync(Deployment all)
    {
        all.Forget();
        await all.Silos[0].SignalAsync("STOP");
        var stopped = Stopwatch.StartNew();
        all.Crowds[0].Go(ToAndFro);
        Log(await all.RightAsync("both are right while a silo stands still", stopped, Twenty, Deployment.Both));
        AssertNeverLess(all, all.Crowds.Sum(crowd => crowd.Present));

        // It notices when it goes on that the others have given it up, and ends.
        await Wait.UntilAsync(() => IsDeadAsync(all.Silos[0]), "the silo to be given up");
        Log(string.Create(CultureInfo.InvariantCulture, $"a silo that stood still was given up after {stopped.Elapsed.TotalSeconds:F1} s"));
        await all.Silos[0].SignalAsync("CONT");
        var code = await all.Silos[0].ExitAsync();
        Log(string.Create(CultureInfo.InvariantCulture, $"the silo that stood still ended with {code}"));
        await all.RemoveSiloAsync(0);
        await all.AddSiloAsync();
        Log(await all.RightAsync("both are right after it was started again", Stopwatch.StartNew(), Half, Deployment.Both));
    }

    private async Task KillAllSilosAsync(Deployment all)
    {
        all.Forget();
        foreach (var silo in all.Silos)
        {
            silo.Kill();
        }

        var least = all.Crowds.Sum(crowd => crowd.Present);
        await all.Crowds[0].ComeAsync(ToAndFro, Stop);
        await all.RemoveSiloAsync(0);
        await all.RemoveSiloAsync(0);
        await Task.WhenAll(all.AddSiloAsync(), all.AddSiloAsync());
        Log(await all.RightAsync("both are right after all silos were killed and others are there", Stopwatch.StartNew(), Half, Deployment.Both));
        AssertNeverLess(all, least);
    }

    private async Task StopGatewayAsync(Deployment all)
    {
        await all.Gateways[1].SignalAsync("TERM");
        Assert.Equal(0, await all.Gateways[1].ExitAsync());
        Log(await all.RightAsync("the other gateway is right after one stopped", Stopwatch.StartNew(), Ten, First));
        Assert.Equal(0, all.Crowds[0].Lost);
        await all.StartGatewayAsync(1);
        await all.Crowds[1].ComeAsync(Streams / 2, Stop);
        await all.RightAsync("both are right", Stopwatch.StartNew(), Half, Deployment.Both);
    }

    private async Task KillBothAsync(Deployment all)
    {
        all.Silos[0].Kill();
        all.Gateways[1].Kill();
        Log(await all.RightAsync("the other gateway is right after kill -9 of a silo and a gateway", Stopwatch.StartNew(), Half, First));
        Assert.Equal(0, all.Crowds[0].Lost);
    }

    private static void AssertNeverLess(Deployment all, int viewers) => Assert.All(all.Displays, d => Assert.InRange(d.Site.Lowest, viewers, int.MaxValue));

    /// <summary>Late messages and long turns were logged with their subject.</summary>
    private static void AssertNothingPersonal(IReadOnlyList<string> output)
    {
        Assert.Contains(output, line => line.Contains("did not arrive on time", StringComparison.Ordinal));
        var salt = new DailySalt(Options.Create(new IdentityOptions { Secret = Deployment.Secret }), null!, TimeProvider.System);
        var hashes = Enumerable.Range(1, Streams).SelectMany(number =>
        {
            var (today, yesterday) = salt.Hash($"{Crowd.Site}\n{Crowd.Address}\n{Crowd.Agent(number)}");
            return new[] { today, yesterday };
        });
        string[] secrets =
        [
            Deployment.Secret, Deployment.Key, Crowd.Address, Choice,
            .. hashes.SelectMany(hash => (string[])[hash.ToString(CultureInfo.InvariantCulture), hash.ToString("x", CultureInfo.InvariantCulture)]),
        ];
        var all = string.Join('\n', output);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, all, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>That a gateway's clock is off is seen by what it writes.</summary>
    private static async Task AssertOffAsync(Deployment all, int i, double seconds)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(all.Gateways[i].Addresses[0], "/health/live"), Stop);
        Assert.Equal(seconds, (answer.Headers.Date!.Value - DateTimeOffset.UtcNow).TotalSeconds, tolerance: 5);
    }

    /// <summary>At one page each, people come and go.</summary>
    private static async Task ComeAndGoAsync(Crowd visitors, CancellationToken cancellationToken)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (await beat.WaitForNextTickAsync(cancellationToken))
            {
                await visitors.ComeAsync(Pages, Stop);
                visitors.Go(Pages);
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
    }

    private async Task<bool> IsDeadAsync(SiloProcess silo)
    {
        await using var connection = new NpgsqlConnection(Connection + ";Pooling=false");
        await connection.OpenAsync(Stop);
        await using var command = new NpgsqlCommand(
            string.Create(CultureInfo.InvariantCulture, $"SELECT status = {(int)SiloStatus.Dead} FROM counter_silos.silos WHERE port = {silo.Port}"), connection);
        return await command.ExecuteScalarAsync(Stop) is true;
    }

    private void Log(string line)
    {
        output.WriteLine(line);
        TestContext.Current.SendDiagnosticMessage(line);
    }

    [GeneratedRegex("name=\"token\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
