using System.Reflection;
using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Gateway.Cluster;
using Counter.Gateway.Documents;
using Counter.Gateway.Tests.Support;
using Counter.Gateway.Visitors;
using Counter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Counter.Gateway.Tests.Cluster;

public sealed class ClusterSecretTests : IAsyncLifetime
{
    private readonly ManualTimeProvider clock = new();
    private LocalCluster local = null!;

    private ICluster Engine => local.Cluster;

    public async ValueTask InitializeAsync() => local = await LocalCluster.StartAsync(clock);

    public ValueTask DisposeAsync() => local.DisposeAsync();

    [Fact]
    public async Task Gateways_of_a_cluster_hash_visitors_alike_and_connections_differently()
    {
        await using var one = await StartAsync(Engine);
        await using var two = await StartAsync(Engine);
        Assert.Equal(SaltOf(one).Hash("x"), SaltOf(two).Hash("x"));
        Assert.Equal(SaltOf(one).HashForGood("x"), SaltOf(two).HashForGood("x"));
        Assert.NotEqual(SaltOf(one).HashForRun("x"), SaltOf(two).HashForRun("x"));
        Assert.NotEqual(SecretOf(one).Derive("a"), SecretOf(one).Derive("b"));
    }

    [Fact]
    public async Task A_configured_secret_replaces_the_stored_one()
    {
        await using var one = await StartAsync(Engine, "--Identity:Secret=of-our-own-with-thirty-two-letters-or-more");
        await using var two = await StartAsync(Engine);
        Assert.NotEqual(SaltOf(one).Hash("x"), SaltOf(two).Hash("x"));
        Assert.Equal(SecretOf(one).Derive("a"), SecretOf(two).Derive("a"));
    }

    [Fact]
    public async Task Visitors_from_before_the_secret_was_read_are_recognised()
    {
        var forgetful = DispatchProxy.Create<ICluster, Forgetful>();
        ((Forgetful)forgetful).Engine = Engine;
        ((Forgetful)forgetful).Away = true;
        await using var gateway = await StartAsync(forgetful);
        Assert.Null(SecretOf(gateway).Derive("a"));
        using var first = await gateway.ViewAsync("https://example.com/a", agent: "one");
        await gateway.WaitForCountAsync("https://example.com/a", 1);
        ((Forgetful)forgetful).Away = false;
        await gateway.AdvanceUntilAsync(() => SecretOf(gateway).Derive("a") is not null, "the secret");
        using var second = await gateway.ViewAsync("https://example.com/b", agent: "one");
        await gateway.AdvanceUntilCountAsync("https://example.com/a", 0, TimeSpan.FromSeconds(2));
        Assert.Equal(1, await gateway.CountAsync("https://example.com/b", "&count=visitors"));
    }

    [Fact]
    public async Task A_failure_during_a_cancelled_start_is_logged_and_not_thrown()
    {
        var forgetful = DispatchProxy.Create<ICluster, Forgetful>();
        using var stop = new CancellationTokenSource();
        (((Forgetful)forgetful).Away, ((Forgetful)forgetful).Meanwhile) = (true, stop.Cancel);
        var log = new LogRecorder();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(log));
        using var secret = new ClusterSecret(forgetful, clock, factory.CreateLogger<ClusterSecret>());
        await secret.StartAsync(stop.Token);
        Assert.Contains("secret could not be read", Assert.Single(log.Lines).Text, StringComparison.Ordinal);

        using var again = new CancellationTokenSource();
        ((Forgetful)forgetful).Meanwhile = again.Cancel;
        using var documents = new DocumentCache<SiteSettings>(DocumentKind.Site, forgetful, clock, factory.CreateLogger<DocumentCache<SiteSettings>>());
        await documents.StartAsync(again.Token);
        Assert.Contains("settings of kind Site could not be read", log.Lines.Last().Text, StringComparison.Ordinal);
    }

    private Task<RunningGateway> StartAsync(ICluster cluster, params string[] settings) =>
        RunningGateway.StartAsync(null, clock, services => services.AddSingleton(cluster), settings);

    private static DailySalt SaltOf(RunningGateway gateway) => gateway.App.Services.GetRequiredService<DailySalt>();

    private static ClusterSecret SecretOf(RunningGateway gateway) => gateway.App.Services.GetRequiredService<ClusterSecret>();
}
