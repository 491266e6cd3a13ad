using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Counting.Pages;
using Counter.Gateway.Tests.Support;
using Counter.Postgres.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Counter.Postgres.Tests;

/// <summary>The connections: who waits for whom, and what is said when one fails.</summary>
public sealed class DatabaseTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const int Lists = 40;

    private static readonly PageReport Home = new(new PageKey("example.com", "/"), 1, 1, 1, 1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reports_and_renewals_do_not_wait_for_lists()
    {
        Assert.SkipWhen(database.Problem is not null, database.Problem ?? "");
        await using var cluster = Open(";Timeout=60;Command Timeout=60");
        await RenewAsync(cluster);
        await using var locking = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await locking.OpenAsync(Stop);
        await using var transaction = await locking.BeginTransactionAsync(Stop);
        await new NpgsqlCommand("LOCK counter.documents", locking).ExecuteNonQueryAsync(Stop);
        var lists = Enumerable.Range(0, Lists).Select(_ => cluster.Documents.ListAsync(DocumentKind.Audit, "", null, 10, true, Stop).AsTask()).ToArray();
        await Wait.UntilAsync(async () => await database.AskAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 16, "all connections for lists to wait");

        await RenewAsync(cluster);
        Assert.True((await cluster.ReportAsync(new Report("g", [Home]), Stop)).Known);
        await cluster.LeaveAsync("g", Stop);
        Assert.DoesNotContain(lists, list => list.IsCompleted);
        await transaction.RollbackAsync(Stop);
        await Task.WhenAll(lists);
    }

    [Fact]
    public async Task Who_gives_up_waiting_just_when_the_database_fails_has_given_up_waiting()
    {
        Assert.SkipWhen(database.Problem is not null, database.Problem ?? "");
        await using var connections = new Database(database.ConnectionString, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connections.QueryAsync<int>("SELECT 1", Fail, stop.Token));
        await Assert.ThrowsAsync<ClusterUnavailableException>(() => connections.QueryAsync<int>("SELECT 1", Fail, Stop));

        int Fail(NpgsqlDataReader row)
        {
            stop.Cancel();
            throw new NpgsqlException("The connection is gone.");
        }
    }

    private static async Task RenewAsync(PostgresCluster cluster) =>
        await cluster.RenewAsync(new GatewayState("g", "g", "", DateTimeOffset.UnixEpoch, 0, 0), Stop);

    private PostgresCluster Open(string settings = "") =>
        new(new PostgresOptions { ConnectionString = database.ConnectionString + settings }, TimeProvider.System, NullLogger<PostgresCluster>.Instance);
}
