using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Gateway.Tests.Support;
using Counter.Grains.Changes;
using Counter.Grains.Messages;
using Counter.Grains.Tests.Support;
using Counter.Tests.Contract;
using Counter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Counter.Grains.Tests;

/// <summary>An inbox whose subscription is lost is replaced, and what was lost is noticed.</summary>
public sealed class InboxTests : ClusterContract
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ManualTimeProvider clock = new();
    private readonly ChangeFeed feed = new();
    private OrleansEngine silos = null!;

    [Fact]
    public async Task An_inbox_that_has_gone_quiet_is_replaced_by_another_one()
    {
        var inbox = new Inbox(Guid.NewGuid(), all: true, feed, clock, NullLogger.Instance);
        await inbox.KeepAsync(silos.Client);
        await HearAsync(1);

        // Silos beat every second, so it is not quiet; then its subscription is lost, which nobody tells it.
        clock.Advance(TimeSpan.FromSeconds(4));
        await inbox.KeepAsync(silos.Client);
        var first = inbox.Name;
        foreach (var subscription in await InboxStreams.Stream(silos.Client.ServiceProvider, first).GetAllSubscriptionHandles())
        {
            await subscription.UnsubscribeAsync();
        }

        // Batches that were on their way may still come.
        await MendAsync(inbox);
        await Wait.UntilAsync(
            async () =>
            {
                clock.Advance(TimeSpan.FromSeconds(6));
                await inbox.KeepAsync(silos.Client);
                return inbox.Name != first;
            },
            "another inbox");
        Assert.False(inbox.IsWhole);
        await HearAsync(2);
        await inbox.CloseAsync(silos.Client);
    }

    [Fact]
    public async Task A_batch_that_was_lost_is_noticed_by_the_next_one()
    {
        var inbox = new Inbox(Guid.NewGuid(), all: true, feed, clock, NullLogger.Instance);
        await inbox.KeepAsync(silos.Client);
        await HearAsync(1);
        await MendAsync(inbox);
        var transport = silos.Client.ServiceProvider.GetRequiredService<IInboxTransport>();
        await transport.SendAsync(inbox.Name, new InboxBatch("another silo", 1, []));
        await HearAsync(2);
        Assert.True(inbox.IsWhole);
        await transport.SendAsync(inbox.Name, new InboxBatch("another silo", 3, []));
        await HearAsync(3);
        Assert.False(inbox.IsWhole);
        await inbox.CloseAsync(silos.Client);
    }

    [Fact]
    public async Task A_silo_that_is_not_heard_any_more_counts_as_something_that_was_lost()
    {
        var inbox = new Inbox(Guid.NewGuid(), all: true, feed, clock, NullLogger.Instance);
        await inbox.KeepAsync(silos.Client);
        await HearAsync(1);
        var transport = silos.Client.ServiceProvider.GetRequiredService<IInboxTransport>();
        await transport.SendAsync(inbox.Name, new InboxBatch("another silo", 1, []));
        await HearAsync(2);
        await MendAsync(inbox);
        clock.Advance(TimeSpan.FromSeconds(2));
        await HearAsync(3);
        await inbox.KeepAsync(silos.Client);
        Assert.True(inbox.IsWhole);
        clock.Advance(TimeSpan.FromSeconds(1));
        await inbox.KeepAsync(silos.Client);
        Assert.False(inbox.IsWhole);

        // Once: it may be gone for ever.
        await MendAsync(inbox);
        await inbox.KeepAsync(silos.Client);
        Assert.True(inbox.IsWhole);
        await inbox.CloseAsync(silos.Client);
    }

    [Fact]
    public async Task What_was_lost_is_asked_for_until_that_succeeds()
    {
        var inbox = new Inbox(Guid.NewGuid(), all: true, feed, clock, NullLogger.Instance);
        var asked = new List<bool>();
        await Assert.ThrowsAsync<TimeoutException>(() => inbox.MendAsync(everything =>
        {
            asked.Add(everything);
            throw new TimeoutException();
        }));
        Assert.False(inbox.IsWhole);
        for (var i = 0; i < 2; i++)
        {
            await inbox.MendAsync(everything =>
            {
                asked.Add(everything);
                return Task.CompletedTask;
            });
        }

        Assert.Equal([true, true, false], asked);
    }

    protected override async ValueTask<IEngine> StartAsync(EngineSetup setup) => silos = await OrleansEngine.StartAsync(setup, silos: 1);

    private static Task MendAsync(Inbox inbox) => inbox.MendAsync(_ => Task.CompletedTask);

    /// <summary>Has a change made and waits until it comes.</summary>
    private async Task HearAsync(int viewers)
    {
        using var changes = feed.Subscribe();
        using var deadline = new CancellationTokenSource(Patience);
        await RenewAsync("g");
        await ReportAsync("g", Say(Home, viewers));
        while (!(await changes.TakeAsync(deadline.Token)).Any(t => t.Key == CountKey.ForPage(Home) && t.Viewers == viewers))
        {
        }
    }
}
