using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Gateway.Tests.Support;
using Counter.Postgres.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Counter.Postgres.Tests;

/// <summary>Everything at once: afterwards the sums agree, and nobody has waited in a circle.</summary>
public sealed class DisorderTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const int Gateways = 5;
    private const int Rounds = 400;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sums_agree_after_reports_stops_resets_and_deletions_at_once()
    {
        Assert.SkipWhen(database.Problem is not null, database.Problem ?? "");
        var options = new PostgresOptions { ConnectionString = database.ConnectionString, LeaseDuration = TimeSpan.FromMilliseconds(400), MaxPagesPerSite = 25, MaxSites = 4 };
        await using var cluster = new PostgresCluster(options, TimeProvider.System, NullLogger<PostgresCluster>.Instance);
        await using var other = new PostgresCluster(options, TimeProvider.System, NullLogger<PostgresCluster>.Instance);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Task[] disorder =
        [
            RepeatAsync(cluster, random => cluster.ResetAsync(Key(random), Stop).AsTask(), enough.Token),
            RepeatAsync(other, random => other.DeleteAsync(Key(random), Stop).AsTask(), enough.Token),
            RepeatAsync(other, _ => other.ExpireAndTidyAsync(Stop).AsTask(), enough.Token),
            RepeatAsync(other, random => other.LeaveAsync($"g{random.Next(Gateways)}", Stop).AsTask(), enough.Token),
        ];
        await Task.WhenAll(Enumerable.Range(0, Gateways).Select(g => ReportAsync(g % 2 == 0 ? cluster : other, g)));
        await enough.CancelAsync();
        await Task.WhenAll(disorder);

        Assert.Equal(0, await CountAsync("counter.counts c WHERE path <> '' AND held <> (SELECT coalesce(sum(viewers), 0) FROM counter.leases l WHERE l.count_id = c.id)"));
        Assert.Equal(0, await CountAsync("counter.counts s WHERE path = '' AND held <> (SELECT coalesce(sum(viewers), 0) FROM counter.counts p WHERE p.site = s.site AND p.path <> '')"));
        Assert.Equal(0, await CountAsync("counter.counts p WHERE path <> '' AND NOT EXISTS (SELECT FROM counter.counts s WHERE s.site = p.site AND s.path = '')"));
        Assert.Equal(0, await CountAsync("counter.leases l WHERE NOT EXISTS (SELECT FROM counter.counts c WHERE c.id = l.count_id)"));
        Assert.Equal(0, await CountAsync("counter.history h WHERE NOT EXISTS (SELECT FROM counter.counts c WHERE c.id = h.count_id)"));
        Assert.Equal(0, await CountAsync("(SELECT site FROM counter.counts WHERE path <> '' GROUP BY site HAVING count(*) > 25) s"));
        Assert.Equal(0L, await database.AskAsync<long>("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"));

        // Nobody is heard any more, so nobody is there.
        await Wait.UntilAsync(
            async () =>
            {
                await cluster.ExpireAndTidyAsync(Stop);
                return (await cluster.GetTotalsAsync(Stop)).Viewers == 0;
            },
            "all leases to end");
        Assert.Equal(0, await CountAsync("counter.counts WHERE held <> 0"));
    }

    [Fact]
    public async Task Notifications_that_are_no_changes_do_no_harm()
    {
        Assert.SkipWhen(database.Problem is not null, database.Problem ?? "");
        var options = new PostgresOptions { ConnectionString = database.ConnectionString };
        await using var cluster = new PostgresCluster(options, TimeProvider.System, NullLogger<PostgresCluster>.Instance);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var key = CountKey.ForPage(new PageKey("example.com", "/"));
        var told = 0;
        var reading = Task.Run(
            async () =>
            {
                await foreach (var total in cluster.ChangesAsync(() => [key], enough.Token))
                {
                    told = Math.Max(told, total.Viewers);
                }
            },
            Stop);
        await cluster.RenewAsync(new GatewayState("g", "g", "", DateTimeOffset.UnixEpoch, 0, 0), Stop);
        var sequence = 0;
        await Wait.UntilAsync(() => ToldAsync(1), "a change");
        foreach (var junk in new[] { "", "junk", "{}", "[1]", "[[]]", "[[\"example.com\",2]]", "[[\"example.com\",\"/\",\"x\",1]]", "[[null]]", "[[\"example.com\"]]" })
        {
            await database.DoAsync($"NOTIFY counter_{ChangeListener.Channel("example.com")}, '{junk}'");
        }

        await Wait.UntilAsync(() => ToldAsync(2), "a change after the junk");
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);

        async Task<bool> ToldAsync(int viewers)
        {
            var page = new PageReport(new PageKey("example.com", "/"), 1, ++sequence, viewers, viewers);
            await cluster.ReportAsync(new Report("g", [page]), Stop);
            return told == viewers;
        }
    }

    private static async Task ReportAsync(PostgresCluster cluster, int gateway)
    {
        var random = new Random(gateway);
        for (var i = 1; i <= Rounds; i++)
        {
            if (random.Next(4) == 0)
            {
                await cluster.RenewAsync(new GatewayState($"g{gateway}", "", "", DateTimeOffset.UnixEpoch, 0, 0), Stop);
            }

            var pages = Enumerable.Range(0, random.Next(1, 20)).Select(_ => new PageReport(Page(random), 1, i, random.Next(5), i)).DistinctBy(p => p.Page);
            await cluster.ReportAsync(new Report($"g{gateway}", [.. pages]), Stop);
        }
    }

    private static Task RepeatAsync(PostgresCluster cluster, Func<Random, Task> act, CancellationToken enough) => Task.Run(
        async () =>
        {
            var random = new Random(cluster.GetHashCode());
            while (!enough.IsCancellationRequested)
            {
                await act(random);
                await Task.Delay(random.Next(30), Stop);
            }
        },
        Stop);

    private static PageKey Page(Random random) => new($"s{random.Next(5)}", $"/{random.Next(40)}");

    private static CountKey Key(Random random) => random.Next(3) == 0 ? CountKey.ForSite(Page(random).Site) : CountKey.ForPage(Page(random));

    private Task<int> CountAsync(string from) => database.AskAsync<int>("SELECT count(*)::int FROM " + from);
}
