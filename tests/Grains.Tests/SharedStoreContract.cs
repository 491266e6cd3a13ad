using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Grains.Client;
using Counter.Grains.Hosting;
using Counter.Grains.Tests.Support;
using Counter.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Counter.Grains.Tests;

/// <summary>What a store that silos find each other and keep things in has to do, as a gateway sees it.</summary>
public abstract class SharedStoreContract
{
    private protected static readonly PageKey Page = new("example.com", "/a?b=ä");

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Settings of another silo on the store.</summary>
    private protected abstract ClusterSettings NewSilo();

    [Fact]
    public async Task Two_silos_count_as_one_and_their_state_survives_a_restart()
    {
        ClusterSettings[] settings = [NewSilo(), NewSilo()];
        await using var first = new RunningSilo(settings[0]);
        await using var second = new RunningSilo(settings[1]);
        await Task.WhenAll(first.StartAsync(), second.StartAsync());
        await CheckSilosAsync(2);
        await WithClusterAsync(settings[0], async cluster =>
        {
            await cluster.RenewAsync(new GatewayState("g", "machine", "1", DateTimeOffset.UtcNow, 1, 1), Stop);
            var gateway = new TestGateway("g", new CountLimits(1000, 1000, 1000), TimeProvider.System);
            for (var i = 1; i <= 20; i++)
            {
                gateway.Set(new PageState(new PageKey($"site{i}.example", "/"), i, i));
            }

            Assert.True(await gateway.SendAsync(cluster));
            await gateway.ReportAsync(cluster, Page, 3, 5);
            Assert.Equal(1, await cluster.Documents.TryChangeAsync([new(DocumentKind.Site, "example.com", "{}")], Stop));
            await cluster.LeaveAsync("g", Stop);
        });
        await first.StopAsync();
        await second.StopAsync();
        await CheckSilosAsync(0);

        await first.StartAsync();
        await WithClusterAsync(settings[0], async cluster =>
        {
            var status = await cluster.GetAsync(CountKey.ForPage(Page), Stop);
            Assert.Equal((0, 3, 5L), (status.Viewers, status.Peak, status.Arrivals));
            await cluster.RenewAsync(new GatewayState("h", "machine", "1", DateTimeOffset.UtcNow, 0, 0), Stop);
            var watcher = new TestGateway("h", new CountLimits(1000, 1000, 1000), TimeProvider.System);
            foreach (var path in new[] { Page.Path, "" })
            {
                Assert.Equal(5, (await watcher.AskAsync(cluster, CountKey.ForTotal(CountOf.Arrivals, Page.Site, path))).Viewers);
                Assert.Equal(3, (await watcher.AskAsync(cluster, CountKey.ForTotal(CountOf.Peak, Page.Site, path))).Viewers);
            }

            Assert.Equal("{}", (await cluster.Documents.FindAsync(DocumentKind.Site, "example.com", Stop))!.Json);
            Assert.Equal(21, (await cluster.GetTotalsAsync(Stop)).Sites);
            Assert.True(await cluster.DeleteAsync(CountKey.ForSite("example.com"), Stop));
            Assert.Equal(0, (await cluster.GetAsync(CountKey.ForPage(Page), Stop)).Arrivals);
        });
        await CheckForgottenAsync("example.com");
    }

    /// <summary>Looks into the store for how many silos take part.</summary>
    private protected abstract Task CheckSilosAsync(int active);

    /// <summary>Looks into the store: nothing of a site is there.</summary>
    private protected abstract Task CheckForgottenAsync(string site);

    private static async Task WithClusterAsync(ClusterSettings settings, Func<OrleansCluster, Task> act)
    {
        using var connection = new OrleansConnection(settings, TimeProvider.System, NullLoggerFactory.Instance);
        await connection.StartAsync(Stop);

        // Before the gateway listens: without it the gateway would take who comes first for somebody else than other gateways do.
        Assert.NotNull(connection.Client);
        await act(new OrleansCluster(() => connection.Client, TimeProvider.System, NullLogger<OrleansCluster>.Instance));
        await connection.StopAsync(Stop);
    }
}
