using System.Reflection;
using Counter.Counting.Cluster;
using Counter.Counting.Embedded;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Gateway.Streaming;
using Counter.Gateway.Tests.Support;
using Counter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Counter.Gateway.Tests.Cluster;

/// <summary>A gateway with more pages than an engine takes within a lease.</summary>
public sealed class ManyPagesTests : IAsyncLifetime
{
    private const int Pages = 20_000;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("counter-many-");
    private readonly ManualTimeProvider clock = new();
    private readonly Slow slow;
    private readonly EmbeddedCluster engine;
    private RunningGateway gateway = null!;

    public ManyPagesTests()
    {
        engine = new EmbeddedCluster(
            new EmbeddedOptions { Directory = data.FullName, LeaseDuration = Lease, MaxPagesPerSite = Pages }, clock, NullLogger<EmbeddedCluster>.Instance);
        slow = (Slow)(object)DispatchProxy.Create<ICluster, Slow>();
        (slow.Engine, slow.Clock) = (engine, clock);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Feeds Feeds => gateway.App.Services.GetRequiredService<Feeds>();

    public async ValueTask InitializeAsync() =>
        gateway = await RunningGateway.StartAsync(null, clock, services => services.AddSingleton((ICluster)(object)slow));

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        await engine.DisposeAsync();
        data.Delete(recursive: true);
    }

    [Fact]
    public async Task A_gateway_lives_while_it_reports_more_than_fits_into_a_lease()
    {
        slow.PerPage = 1.2 * Lease / Pages;
        for (var i = 0; i < Pages; i++)
        {
            Feeds.Presence.Open(
                new Arrival(new PageKey("example.com", $"/{i}"), new VisitorKey("example.com", IdentityKind.Weak, (ulong)i), "/online.png"), new Silent());
        }

        var began = clock.GetUtcNow();
        await Wait.UntilAsync(
            async () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(100));
                return clock.GetUtcNow() >= began + 2 * Lease || await CountAsync() == Pages;
            },
            "everybody to be counted");
        Assert.Equal(Pages, await CountAsync());
        Assert.InRange(clock.GetUtcNow(), began + Lease, began + 2 * Lease);
    }

    private async Task<int> CountAsync() => (await engine.GetAsync(CountKey.ForSite("example.com"), Stop)).Viewers;

    private sealed class Silent : IOpenResponse
    {
        public void Nudge()
        {
        }

        public void End()
        {
        }
    }
}
