using Counter.Counting.Cluster;
using Counter.Postgres.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Counter.Postgres.Tests;

public sealed class SchemaTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gateways_that_start_together_on_an_empty_database_make_one_schema()
    {
        Assert.SkipWhen(database.Problem is not null, database.Problem ?? "");
        await database.DoAsync("DROP SCHEMA IF EXISTS counter CASCADE");
        var clusters = Enumerable.Range(0, 8).Select(_ => Open(database.ConnectionString)).ToArray();
        using var together = new Barrier(clusters.Length);
        await Task.WhenAll(clusters.Select(cluster => Task.Factory.StartNew(
            async () =>
            {
                together.SignalAndWait(Stop);
                Assert.Equal(0, (await cluster.GetTotalsAsync(Stop)).Sites);
            },
            Stop, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
        Assert.Equal(
            await database.AskAsync<long>("SELECT max(number)::bigint FROM counter.migrations"),
            await database.AskAsync<long>("SELECT count(*) FROM counter.migrations"));
        await Task.WhenAll(clusters.Select(cluster => cluster.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task A_database_that_cannot_be_used_is_said_to_be_away_and_why()
    {
        Assert.SkipWhen(database.Problem is not null, database.Problem ?? "");
        await database.DoAsync("DROP DATABASE IF EXISTS ascii");
        await database.DoAsync("CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0");
        foreach (var (connection, why) in new[]
        {
            (database.Server.ConnectionString("ascii"), "Its encoding is SQL_ASCII"),
            (database.Server.ConnectionString("nowhere"), "database \"nowhere\" does not exist"),
            (database.ConnectionString + ";Username=nobody", "role \"nobody\" does not exist"),
            ("Host=127.0.0.1;Port=1;Username=counter", "refused"),
        })
        {
            await using var cluster = Open(connection);
            var away = await Assert.ThrowsAsync<ClusterUnavailableException>(async () => await cluster.GetTotalsAsync(Stop));
            Assert.Contains(why, away.InnerException!.Message + away.InnerException.InnerException?.InnerException?.Message, StringComparison.OrdinalIgnoreCase);
        }

        await database.DoAsync("DROP DATABASE ascii WITH (FORCE)");
    }

    [Fact]
    public void A_connection_string_that_cannot_be_understood_is_refused_at_once() =>
        Assert.Throws<ArgumentException>(() => Open("Hots=127.0.0.1"));

    private static PostgresCluster Open(string connection) => new(
        new PostgresOptions { ConnectionString = connection }, TimeProvider.System, NullLogger<PostgresCluster>.Instance);
}
