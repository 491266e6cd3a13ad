using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Gateway.Cluster;
using Counter.Gateway.Streaming;
using Counter.Gateway.Tests.Support;
using Counter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Cluster;

/// <summary>A gateway with more pages than an engine takes within a lease.</summary>
public sealed class ManyPagesTests()
    : UnreliableTest(Lease)
{
    private const int Pages = 20_000;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private readonly TestGateway others = new("other", new CountLimits(1000, 1_000_000, 1_000_000), TimeProvider.System);

    private PresenceClient Presence => Gateway.App.Services.GetRequiredService<PresenceClient>();

    private Feeds Feeds => Gateway.App.Services.GetRequiredService<Feeds>();

    private long Shown => Feeds.Find(CountKey.ForSite("example.com"))!.Number;

    [Fact]
    public async Task A_report_longer_than_a_lease_does_not_expire_the_gateway()
    {
        Unreliable.PerPage = 1.2 * Lease / Pages;
        Open(Pages);
        var began = Clock.GetUtcNow();
        await Wait.UntilAsync(
            async () =>
            {
                Clock.Advance(Unreliable.IsReporting ? TimeSpan.Zero : TimeSpan.FromMilliseconds(100));
                return Clock.GetUtcNow() >= began + 2 * Lease || await CountAsync() == Pages;
            },
            "everybody to be counted");
        Assert.Equal(Pages, await CountAsync());
        Assert.InRange(Clock.GetUtcNow(), began + Lease, began + 2 * Lease);
    }

    [Fact]
    public async Task During_a_resync_the_number_of_a_site_does_not_fall()
    {
        Open(3000);
        using var watcher = await Gateway.OpenAsync("/online/events?site=example.com&page=/x&count=site&watch=1");
        await OthersAsync();
        await Gateway.AdvanceUntilAsync(() => Shown == 8000, "everybody to be shown");
        Unreliable.Away = true;
        for (var i = 0; i < 20; i++)
        {
            await RenewOthersAsync();
            await Gateway.AdvanceForAsync(TimeSpan.FromSeconds(1));
        }

        await Wait.UntilAsync(async () => await CountAsync() == 5000, "the silo to give up who is away");
        Assert.Equal(8000, Shown);
        (Unreliable.Away, Unreliable.PerPage) = (false, TimeSpan.FromMilliseconds(1));
        var parts = new HashSet<int>();
        for (var i = 0; i < 200 && await CountAsync() < 8000; i++)
        {
            await RenewOthersAsync();
            await Gateway.AdvanceForAsync(TimeSpan.FromMilliseconds(100));
            await Wait.UntilAsync(() => !Unreliable.IsReporting, "the report to be taken");
            parts.Add(await CountAsync());
            Assert.Equal(8000, Shown);
        }

        Assert.Equal([5000, 6000, 7000, 8000], parts.Order());
    }

    private void Open(int pages)
    {
        for (var i = 0; i < pages; i++)
        {
            Presence.Open(
                new StreamOrigin(new PageKey("example.com", $"/{i}"), new VisitorKey("example.com", IdentityKind.Weak, (ulong)i), "/online.png"), new Silent());
        }

        Presence.Send("example.com");
    }

    private async Task OthersAsync()
    {
        await RenewOthersAsync();
        others.Set(new PageState(new PageKey("example.com", "/elsewhere"), 5000, 5000));
        Assert.True(await others.SendAsync(Others));
    }

    private ValueTask<bool> RenewOthersAsync() => Others.RenewAsync(new GatewayState("other", "", "", DateTimeOffset.UnixEpoch, 0, 0), Stop);

    private async Task<int> CountAsync() => (await Engine.GetAsync(CountKey.ForSite("example.com"), Stop)).Viewers;

    private sealed class Silent : IOpenResponse
    {
        public void Probe(Action written)
        {
        }

        public void End()
        {
        }
    }
}
