using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Counting.Pages;
using Counter.Gateway.Tests.Support;
using Counter.Grains.Engine;
using Counter.Grains.Hosting;
using Counter.Grains.Tests.Support;
using Counter.Postgres.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Counter.Grains.Tests;

/// <summary>Silos that find each other and keep things in PostgreSQL, with tables and queries of our own.</summary>
public sealed class PostgresStoreTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly PageKey Page = new("example.com", "/a?b=ä");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_silos_count_as_one_and_what_they_stored_is_there_after_both_were_stopped()
    {
        Assert.SkipWhen(database.Problem is not null, database.Problem ?? "");
        OrleansSettings[] settings = [.. Enumerable.Range(0, 2).Select(_ => Own())];
        await using var first = new RunningSilo(settings[0]);
        await using var second = new RunningSilo(settings[1]);
        await Task.WhenAll(first.StartAsync(), second.StartAsync());
        Assert.Equal(2, await database.AskAsync<long>("SELECT count(*) FROM counter_silos.silos WHERE status = 3"));
        await WithClusterAsync(settings[0], async cluster =>
        {
            await cluster.RenewAsync(new GatewayState("g", "machine", "1", DateTimeOffset.UtcNow, 1, 1), Stop);
            var pages = Enumerable.Range(0, 20).Select(i => new PageReport(new PageKey($"site{i}.example", "/"), 1, 2, i, i)).Append(new PageReport(Page, 1, 2, 3, 5));
            Assert.Equal(42, (await cluster.ReportAsync(new Report("g", [.. pages]), Stop)).Totals.Count);
            Assert.Equal(1, await cluster.Documents.TryChangeAsync([new(DocumentKind.Site, "example.com", "{}")], Stop));
            await cluster.LeaveAsync("g", Stop);
        });
        await first.StopAsync();
        await second.StopAsync();
        Assert.Equal(0, await database.AskAsync<long>("SELECT count(*) FROM counter_silos.silos WHERE status = 3"));

        await first.StartAsync();
        await WithClusterAsync(settings[0], async cluster =>
        {
            var status = await cluster.GetAsync(CountKey.ForPage(Page), Stop);
            Assert.Equal((0, 3, 5L), (status.Viewers, status.Peak, status.Arrivals));
            Assert.Equal("{}", (await cluster.Documents.FindAsync(DocumentKind.Site, "example.com", Stop))!.Json);
            Assert.Equal(21, (await cluster.GetTotalsAsync(Stop)).Sites);
            Assert.True(await cluster.DeleteAsync(CountKey.ForSite("example.com"), Stop));
            Assert.Equal(0, (await cluster.GetAsync(CountKey.ForPage(Page), Stop)).Arrivals);
        });
        Assert.Equal(0, await database.AskAsync<long>("SELECT count(*) FROM counter_silos.grains WHERE key LIKE 'example.com%'"));
    }

    private OrleansSettings Own()
    {
        var free = RunningSilo.FreePorts();
        (free.Store, free.ConnectionString) = (OrleansSettings.Postgres, database.ConnectionString);
        return free;
    }

    private static async Task WithClusterAsync(OrleansSettings settings, Func<OrleansCluster, Task> act)
    {
        using var connection = new OrleansConnection(settings, NullLoggerFactory.Instance);
        await connection.StartAsync(Stop);
        await Wait.UntilAsync(() => connection.Client is not null, "the client");
        await act(new OrleansCluster(() => connection.Client, new OrleansOptions(), TimeProvider.System, NullLogger<OrleansCluster>.Instance));
        await connection.StopAsync(Stop);
    }
}
