using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Counting.Play;
using Counter.Counting.Polls;
using Counter.Counting.Presence;
using Counter.Gateway.Tests.Support;
using Counter.Grains.Changes;
using Counter.Grains.Gateways;
using Counter.Grains.Messages;
using Counter.Grains.Tests.Support;
using Counter.Tests.Contract;
using Counter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Counter.Grains.Tests;

/// <summary>An inbox whose subscription is lost is replaced, and lost batches are detected.</summary>
public sealed class ChangeReceiverTests : ClusterContract
{
    private readonly ManualTimeProvider clock = new();
    private readonly Receiver receiver = new();
    private readonly Guid client = Guid.NewGuid();
    private OrleansEngine silos = null!;

    [Fact]
    public async Task A_silent_inbox_is_replaced()
    {
        var inbox = await OpenAsync();
        await HearAsync(1);

        // Silos send a heartbeat every second, so it is not silent; then its subscription is lost without a notice.
        clock.Advance(TimeSpan.FromSeconds(4));
        await inbox.KeepAsync(silos.Client);
        var first = inbox.Name;
        foreach (var subscription in await ReceiverStreams.Stream(silos.Client.ServiceProvider, first).GetAllSubscriptionHandles())
        {
            await subscription.UnsubscribeAsync();
        }

        // Batches that were on their way may still come.
        await Wait.UntilAsync(
            async () =>
            {
                clock.Advance(TimeSpan.FromSeconds(6));
                receiver.Misses = 0;
                await inbox.KeepAsync(silos.Client);
                return inbox.Name != first;
            },
            "another inbox");
        Assert.Equal(1, receiver.Misses);
        await HearAsync(2);
        await inbox.CloseAsync(silos.Client);
    }

    [Fact]
    public async Task A_lost_batch_is_detected_by_the_next_one()
    {
        var inbox = await OpenAsync();
        await HearAsync(1);
        var transport = silos.Client.ServiceProvider.GetRequiredService<IChangeTransport>();
        await transport.SendAsync(inbox.Name, new ChangeBatch("another silo", 1, [], [], [], []));
        await HearAsync(2);
        await inbox.KeepAsync(silos.Client);
        receiver.Misses = 0;
        await inbox.KeepAsync(silos.Client);
        Assert.Equal(0, receiver.Misses);
        await transport.SendAsync(inbox.Name, new ChangeBatch("another silo", 3, [], [], [], []));
        await HearAsync(3);
        await inbox.KeepAsync(silos.Client);
        Assert.Equal(1, receiver.Misses);
        await inbox.CloseAsync(silos.Client);
    }

    [Fact]
    public async Task A_silent_silo_counts_as_a_lost_batch()
    {
        var inbox = await OpenAsync();
        await HearAsync(1);
        var transport = silos.Client.ServiceProvider.GetRequiredService<IChangeTransport>();
        await transport.SendAsync(inbox.Name, new ChangeBatch("another silo", 1, [], [], [], []));
        await HearAsync(2);
        await inbox.KeepAsync(silos.Client);
        receiver.Misses = 0;
        clock.Advance(TimeSpan.FromSeconds(2));
        await HearAsync(3);
        await inbox.KeepAsync(silos.Client);
        Assert.Equal(0, receiver.Misses);
        clock.Advance(TimeSpan.FromSeconds(1));
        await HearAsync(4);
        await inbox.KeepAsync(silos.Client);
        Assert.Equal(1, receiver.Misses);

        // Once: it may be gone for ever.
        await inbox.KeepAsync(silos.Client);
        Assert.Equal(1, receiver.Misses);
        await inbox.CloseAsync(silos.Client);
    }

    protected override async ValueTask<IEngine> StartAsync(EngineSetup setup) => silos = await OrleansEngine.StartAsync(setup, silos: 1);

    /// <summary>An inbox of a gateway that shows a page.</summary>
    private async Task<ChangeReceiver> OpenAsync()
    {
        var inbox = new ChangeReceiver(client, receiver, clock, NullLogger.Instance);
        await inbox.KeepAsync(silos.Client);
        await silos.Client.GetGrain<IGatewayRegistryGrain>(0).RenewAsync(new GatewayState("g", "g", "1", DateTimeOffset.UnixEpoch, 0, 0), client);
        await ReportAsync("g", Viewers(Home, 0));
        return inbox;
    }

    /// <summary>Has a change made and waits until it comes.</summary>
    private async Task HearAsync(int viewers)
    {
        await RenewAsync("h");
        Gateway("h").Set(Viewers(Home, viewers));
        await Gateway("h").SendAsync(Cluster);
        await Wait.UntilAsync(() => receiver.Last == viewers, "the change");
    }

    private sealed class Receiver : IBroadcastReceiver
    {
        private volatile int last;

        public int Last => last;

        public int Misses { get; set; }

        public void Apply(CountUpdate total) => last = total.Key == CountKey.ForPage(Home) ? (int)total.Viewers : last;

        public void Apply(string site, StreamCommand command)
        {
        }

        public void Apply(PollChange change)
        {
        }

        public void Apply(TableChange change)
        {
        }

        public void Watched()
        {
        }

        public void Missed() => Misses++;
    }
}
