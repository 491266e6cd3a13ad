using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Counter.Load;

/// <summary>
/// Reports to a PostgreSQL database as so many gateways do and reads from the database and the operating system what it costs.
/// The database server is on this machine.
/// </summary>
internal sealed class ClusterRun(string connectionString, int reporters, int seconds) : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    private readonly PostgresCluster[] gateways =
    [
        .. Enumerable.Range(0, reporters).Select(_ => new PostgresCluster(
            new PostgresOptions { ConnectionString = connectionString, MaxPagesPerSite = 1_000_000 }, TimeProvider.System, NullLogger<PostgresCluster>.Instance)),
    ];

    private readonly NpgsqlDataSource database = NpgsqlDataSource.Create(connectionString);
    private long sequence = Stopwatch.GetTimestamp();

    /// <summary><c>cluster --connection …</c></summary>
    public static Command Command()
    {
        var connection = new Option<string>("--connection") { Description = "An empty PostgreSQL database on this machine, of a superuser.", Required = true };
        var reporters = new Option<int>("--reporters") { Description = "Gateways that report.", DefaultValueFactory = _ => 4 };
        var held = new Option<int>("--seconds") { Description = "How long each rate is held.", DefaultValueFactory = _ => 20 };
        var rates = new Option<int[]>("--changes") { Description = "Page changes a second.", DefaultValueFactory = _ => [10, 100, 1000], AllowMultipleArgumentsPerToken = true };
        var pages = new Option<int[]>("--pages") { Description = "Pages with one viewer each.", DefaultValueFactory = _ => [1000, 10_000, 100_000], AllowMultipleArgumentsPerToken = true };
        var command = new Command("cluster", "Reports to a database as several gateways do and tells what it costs.") { connection, reporters, held, rates, pages };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var run = new ClusterRun(parsed.GetValue(connection)!, parsed.GetValue(reporters), parsed.GetValue(held));
            foreach (var rate in parsed.GetValue(rates)!)
            {
                await run.ChangeAsync(rate, pages: 1000, cancellationToken);
            }

            foreach (var count in parsed.GetValue(pages)!)
            {
                await run.HoldAsync(count, cancellationToken);
            }

            await run.LeaveAsync(cancellationToken);
        });
        return command;
    }

    /// <summary>Changes of pages of one site, so many a second in all, at random pages.</summary>
    private async Task ChangeAsync(int changesPerSecond, int pages, CancellationToken cancellationToken)
    {
        var latencies = new List<double>();
        var before = await DatabaseState.ReadAsync(database);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, reporters).Select(g => Task.Run(
            async () =>
            {
                var random = new Random(g);
                await RenewAsync(g, cancellationToken);
                for (var round = 0; watch.Elapsed.TotalSeconds < seconds; round++)
                {
                    if (round % 100 == 0)
                    {
                        await RenewAsync(g, cancellationToken);
                    }

                    // What has come together in one interval is one report; where there is less than a change in each, some have none.
                    var due = (changesPerSecond * Pace.TotalSeconds / reporters) + random.NextDouble() - 0.5;
                    var changed = Enumerable.Range(0, (int)Math.Round(Math.Max(0, due))).Select(_ => random.Next(pages)).Distinct().ToArray();
                    if (changed.Length > 0)
                    {
                        var start = Stopwatch.GetTimestamp();
                        await ReportAsync(g, changed.Select(p => Say(new PageKey("load.example", $"/{p}"), random.Next(1, 9))), cancellationToken);
                        lock (latencies)
                        {
                            latencies.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                        }
                    }

                    var wait = (round + 1) * Pace - watch.Elapsed;
                    await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, cancellationToken);
                }
            },
            cancellationToken)));
        Say($"{changesPerSecond,6} page changes a second:", before, await DatabaseState.ReadAsync(database));
        latencies.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"       report: p50 {latencies[latencies.Count / 2]:0.0} ms, p99 {latencies[latencies.Count * 99 / 100]:0.0} ms, {latencies.Count / watch.Elapsed.TotalSeconds:0} a second"));
    }

    /// <summary>So many pages of a hundred sites with one viewer each: first they are reported, then nothing happens.</summary>
    private async Task HoldAsync(int pages, CancellationToken cancellationToken)
    {
        for (var g = 0; g < reporters; g++)
        {
            await RenewAsync(g, cancellationToken);
        }

        var before = await DatabaseState.ReadAsync(database);
        await Task.WhenAll(Enumerable.Range(0, reporters).Select(g => Task.Run(
            async () =>
            {
                var own = Enumerable.Range(0, pages).Where(p => p % reporters == g).Select(p => Say(new PageKey($"s{p % 100}.example", $"/{p}"), 1));
                foreach (var part in own.Chunk(1000))
                {
                    await ReportAsync(g, part, cancellationToken);
                    await RenewAsync(g, cancellationToken);
                }
            },
            cancellationToken)));
        var reported = await DatabaseState.ReadAsync(database);
        Say($"{pages,6} pages reported in {reported.At.Subtract(before.At).TotalSeconds:0.0} s:", before, reported);
        before = await DatabaseState.ReadAsync(database);
        var idle = Stopwatch.StartNew();
        while (idle.Elapsed.TotalSeconds < seconds)
        {
            for (var g = 0; g < reporters; g++)
            {
                await RenewAsync(g, cancellationToken);
            }

            await Task.Delay(TimeSpan.FromSeconds(5), cancellationToken);
        }

        Say("       and held:", before, await DatabaseState.ReadAsync(database));
        await using var command = database.CreateCommand("SELECT pg_size_pretty(sum(pg_total_relation_size(c.oid))) FROM pg_class c WHERE c.relnamespace = 'counter'::regnamespace AND c.relkind = 'r'");
        Console.WriteLine($"       on disk: {await command.ExecuteScalarAsync(cancellationToken)}");
    }

    /// <summary>A gateway that stops, and how long its pages take to be given up.</summary>
    private async Task LeaveAsync(CancellationToken cancellationToken)
    {
        for (var g = 0; g < reporters; g++)
        {
            var start = Stopwatch.StartNew();
            await gateways[g].LeaveAsync($"load-{g}", cancellationToken);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"       gateway {g} given up in {start.Elapsed.TotalSeconds:0.00} s"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in gateways)
        {
            await gateway.DisposeAsync();
        }

        await database.DisposeAsync();
    }

    private static void Say(string what, DatabaseState before, DatabaseState after) => Console.WriteLine($"{what} {before.Until(after)}");

    private async Task ReportAsync(int gateway, IEnumerable<PageReport> pages, CancellationToken cancellationToken)
    {
        var reply = await gateways[gateway].ReportAsync(new Report($"load-{gateway}", [.. pages]), cancellationToken);
        if (!reply.Known || reply.Refused.Count > 0)
        {
            throw new InvalidOperationException("The database is too slow for this, or has no room for these pages.");
        }
    }

    private PageReport Say(PageKey page, int viewers) => new(page, 1, Interlocked.Increment(ref sequence), viewers, viewers);

    private async Task RenewAsync(int gateway, CancellationToken cancellationToken) => await gateways[gateway].RenewAsync(
        new GatewayState($"load-{gateway}", $"load-{gateway}", "", DateTimeOffset.UtcNow, 0, 0), cancellationToken);
}
