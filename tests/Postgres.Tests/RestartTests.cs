using System.Diagnostics;
using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Gateway.Tests.Support;
using Counter.Postgres.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Counter.Postgres.Tests;

/// <summary>The database crashes, or a connection does. Each test has a server of its own, which nobody else misses.</summary>
public sealed class RestartTests : ServerTest
{
    private static readonly PageKey Home = new("example.com", "/");

    private readonly List<PostgresCluster> clusters = [];

    public override async ValueTask DisposeAsync()
    {
        foreach (var cluster in clusters)
        {
            await cluster.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    [Fact]
    public async Task After_a_crash_under_load_gateways_report_everything_again_and_the_total_is_right()
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var gateways = Enumerable.Range(0, 4).Select(i => new SmallGateway($"g{i}", Open(), pages: 50)).ToArray();
        var running = gateways.Select(g => g.RunAsync(enough.Token)).ToArray();
        await Wait.UntilAsync(() => gateways.All(g => g.Reports > 20), "reports");
        await Server.CrashAsync();
        var back = Stopwatch.StartNew();
        var before = gateways.Select(g => g.Reports).ToArray();
        await Wait.UntilAsync(() => gateways.Zip(before).All(g => g.First.Reports > g.Second + 20), "reports after the crash");
        await enough.CancelAsync();
        await Task.WhenAll(running);

        Assert.All(gateways, g => Assert.Equal(2, g.TimesUnknown));
        await Wait.UntilAsync(
            async () => (await clusters[0].GetAsync(CountKey.ForSite("example.com"), Stop)).Viewers == gateways.Sum(g => g.Viewers),
            "the right total");
        Assert.InRange(back.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal(gateways.Sum(g => g.Arrivals), (await clusters[0].GetAsync(CountKey.ForSite("example.com"), Stop)).Arrivals);
    }

    [Fact]
    public async Task After_a_crash_the_viewers_of_a_gateway_that_does_not_come_back_end()
    {
        var (lost, stays) = (Open(TimeSpan.FromSeconds(2)), Open(TimeSpan.FromSeconds(2)));
        await ReportAsync(lost, "lost", 1, 5);
        await ReportAsync(stays, "stays", 1, 3);

        // What was reported is on the disk by now; the crash takes only the last moments.
        await using (var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false"))
        {
            await connection.OpenAsync(Stop);
            await new NpgsqlCommand("CHECKPOINT", connection).ExecuteNonQueryAsync(Stop);
        }

        await Server.CrashAsync();
        await Wait.UntilAsync(async () => await IsFalseAsync(() => RenewAsync(stays, "stays")), "the database");
        Assert.Equal(8, (await stays.GetAsync(CountKey.ForPage(Home), Stop)).Viewers);
        await Wait.UntilAsync(
            async () =>
            {
                await RenewAsync(stays, "stays");
                return (await stays.GetAsync(CountKey.ForPage(Home), Stop)).Viewers == 3;
            },
            "the viewers to end");
    }

    [Fact]
    public async Task Changes_made_while_nobody_listened_are_told_within_five_seconds()
    {
        var (reader, writer) = (Open(), Open());
        var keys = new[] { CountKey.ForPage(Home) };
        Total? newest = null;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var reading = Task.Run(
            async () =>
            {
                await foreach (var total in reader.ChangesAsync(() => keys, enough.Token))
                {
                    newest = total.Key == keys[0] ? total : newest;
                }
            },
            Stop);
        await ReportAsync(writer, "g", 1, 1);
        await Wait.UntilAsync(() => newest?.Viewers == 1, "the first change");
        await using (var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false"))
        {
            await connection.OpenAsync(Stop);
            await new NpgsqlCommand(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' OR query = 'SELECT 1'", connection).ExecuteNonQueryAsync(Stop);
        }

        await ReportAsync(writer, "g", 2, 7);
        var lost = Stopwatch.StartNew();
        await Wait.UntilAsync(() => newest?.Viewers == 7, "the change that was lost");
        Assert.InRange(lost.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await Server.CrashAsync();
        await Wait.UntilAsync(async () => await IsFalseAsync(() => RenewAsync(writer, "g")), "the database");
        await ReportAsync(writer, "g", 3, 9);
        await Wait.UntilAsync(() => newest?.Viewers == 9, "a change after the crash");
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    private static async Task<bool> IsFalseAsync(Func<Task<bool>> ask)
    {
        try
        {
            return !await ask();
        }
        catch (ClusterUnavailableException)
        {
            return false;
        }
    }

    private static async Task ReportAsync(PostgresCluster cluster, string gateway, long sequence, int viewers)
    {
        await RenewAsync(cluster, gateway);
        Assert.True((await cluster.ReportAsync(new Report(gateway, [new(Home, 1, sequence, viewers, viewers)]), Stop)).Known);
    }

    private static Task<bool> RenewAsync(PostgresCluster cluster, string gateway) =>
        cluster.RenewAsync(new GatewayState(gateway, gateway, "1.0.0", DateTimeOffset.UnixEpoch, 0, 0), Stop).AsTask();

    private PostgresCluster Open(TimeSpan? lease = null)
    {
        var options = new PostgresOptions { ConnectionString = ConnectionString, LeaseDuration = lease ?? TimeSpan.FromSeconds(15) };
        clusters.Add(new PostgresCluster(options, TimeProvider.System, NullLogger<PostgresCluster>.Instance));
        return clusters[^1];
    }

    /// <summary>A gateway reduced to its viewers and how they are reported.</summary>
    private sealed class SmallGateway(string id, PostgresCluster cluster, int pages)
    {
        private readonly Audience audience = new(id, pages);

        public int Reports { get; private set; }

        public int TimesUnknown { get; private set; }

        public int Viewers => audience.Viewers;

        public long Arrivals => audience.Arrivals;

        public async Task RunAsync(CancellationToken cancellationToken)
        {
            var known = false;
            while (!cancellationToken.IsCancellationRequested)
            {
                try
                {
                    if (!known && !await RenewAsync(cluster, id))
                    {
                        TimesUnknown++;
                        audience.ReportAll();
                    }

                    known = true;
                    audience.Change();
                    known = await ReportAsync();
                    Reports++;
                }
                catch (ClusterUnavailableException)
                {
                    known = false;
                    await Task.Delay(100, Stop);
                }
            }

            // The last change is reported, as when nothing more happens.
            Assert.True(await ReportAsync());
        }

        private async Task<bool> ReportAsync()
        {
            var changes = audience.Take();
            try
            {
                return (await cluster.ReportAsync(new Report(id, changes), Stop)).Known;
            }
            catch
            {
                audience.Fail(changes);
                throw;
            }
        }
    }

    /// <summary>So many viewers on each page of a site, changing at random.</summary>
    private sealed class Audience(string id, int pages)
    {
        private readonly Random random = new(id[1]);
        private readonly (int Viewers, long Arrivals)[] state = new (int, long)[pages];
        private readonly HashSet<int> changed = [];
        private long sequence;

        public int Viewers => state.Sum(s => s.Viewers);

        public long Arrivals => state.Sum(s => s.Arrivals);

        public void Change()
        {
            for (var i = 0; i < 5; i++)
            {
                var page = random.Next(pages);
                var come = random.Next(3);
                state[page] = (Math.Max(0, state[page].Viewers - random.Next(3)) + come, state[page].Arrivals + come);
                changed.Add(page);
            }
        }

        public void ReportAll() => changed.UnionWith(Enumerable.Range(0, pages));

        public void Fail(IEnumerable<PageReport> reports) => changed.UnionWith(reports.Select(r => int.Parse(r.Page.Path[1..], null)));

        public PageReport[] Take()
        {
            PageReport[] reports = [.. changed.Select(p => new PageReport(new PageKey("example.com", $"/{p}"), 1, ++sequence, state[p].Viewers, state[p].Arrivals))];
            changed.Clear();
            return reports;
        }
    }
}
