using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Gateway.Cluster;
using Counter.Gateway.Frames;
using Counter.Gateway.Links;
using Counter.Gateway.Relay.Elsewhere;
using Counter.Gateway.Streaming;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Counter.Gateway.Tests.Links;

/// <summary>A gateway is heard again in the very moment in which it is forgotten, or just before.</summary>
public sealed class ForgettingTests
{
    // As long as a link needs that does not wait for the forgetting, and many times more.
    private static readonly TimeSpan Ample = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task What_a_new_link_says_while_a_gateway_is_being_forgotten_is_kept()
    {
        await using var linked = await LinkedGateways.StartAsync(2);
        using var one = await linked.LookAsync(1, "https://example.com/a", "one");
        var channels = linked[0].App.Services.GetRequiredService<Sources>();
        linked[1].App.Services.GetRequiredService<Sources>().Publish("cam", live: false);
        await linked.AdvanceUntilAsync(() => linked.Visitors(0) == 1 && channels.Elsewhere("cam") is not null, "all to be heard of");
        linked.CableTo(1).Cut();
        await linked.AdvanceUntilAsync(() => linked.Heard(0) == 0, "the link to break");

        // The next link is asked for, and its answer is on its way when the ten seconds are over.
        linked.CableTo(1).Hold();
        linked.CableTo(1).Mend();
        await linked[0].AdvanceForAsync(Hearing.Remember - TimeSpan.FromSeconds(1));
        Assert.Equal((0, 1), (linked.Heard(0), linked.Visitors(0)));

        // Visitors are forgotten before channels; whoever is shown that looks on while the new link comes up.
        var hooked = false;
        using var end = new CancellationTokenSource();
        var stream = new Onlooker(linked.Clock, end.Token);
        var showing = linked[0].App.Services.GetRequiredService<Feeds>().RunAsync(CountKey.ForVisitors("example.com"), null, stream, reading =>
        {
            if (reading.Viewers == 0 && !hooked)
            {
                hooked = true;
                linked.CableTo(1).Release();
                SpinWait.SpinUntil(() => linked.Heard(0) == 1 && linked.Visitors(0) == 1, Ample);
            }

            return new Frame("text/plain", "x"u8.ToArray());
        });
        await linked.AdvanceUntilAsync(() => hooked && linked.Heard(0) == 1, "the gateway to be forgotten and heard again");
        await linked.AdvanceUntilAsync(() => linked.Visitors(0) == 1 && channels.Elsewhere("cam") is not null, "all to be known again");
        await end.CancelAsync();
        await showing;
    }

    [Fact]
    public async Task A_forgetting_that_comes_late_is_of_no_effect_after_another_link()
    {
        await using var linked = await LinkedGateways.StartAsync(2);
        await using var alone = await RunningGateway.StartAsync();
        var there = linked[1].App.Services.GetRequiredService<ThisGateway>();
        var here = linked[0].App.Services;
        var channels = new Sources(here.GetRequiredService<ThisGateway>(), linked.Clock);
        var clock = new LateClock(linked.Clock, Hearing.Remember);
        await using var hearing = new Hearing(
            new GatewayState(there.Id, "there", "1", linked.Clock.GetUtcNow(), 0, 0, there.Address), here.GetRequiredService<LinkClient>(),
            alone.App.Services.GetRequiredService<Feeds>(), channels, new PollNews(), clock, NullLogger.Instance);
        await linked.AdvanceUntilAsync(() => hearing.IsUp, "the first link");
        await LoseAsync();
        linked.CableTo(1).Mend();
        await linked.AdvanceUntilAsync(() => hearing.IsUp, "the second link");
        linked[1].App.Services.GetRequiredService<Sources>().Publish("cam", live: false);
        await linked.AdvanceUntilAsync(() => channels.Elsewhere("cam") is not null, "the channel to be heard of");
        await LoseAsync();
        Assert.Equal(2, clock.Late.Count);
        clock.Late[0]();
        Assert.NotNull(channels.Elsewhere("cam"));
        clock.Late[1]();
        Assert.Null(channels.Elsewhere("cam"));

        Task LoseAsync()
        {
            linked.CableTo(1).Cut();
            return linked.AdvanceUntilAsync(() => !hearing.IsUp, "the link to break");
        }
    }

    /// <summary>A clock with one kind of timer that comes as late as a test wants, even after it was stopped, as on a busy machine.</summary>
    private sealed class LateClock(TimeProvider clock, TimeSpan late) : TimeProvider
    {
        public List<Action> Late { get; } = [];

        public override long TimestampFrequency => clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != late)
            {
                return clock.CreateTimer(callback, state, dueTime, period);
            }

            Late.Add(() => callback(state));
            return clock.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>A stream of nobody's.</summary>
    private sealed class Onlooker(TimeProvider clock, CancellationToken aborted) : LiveStream(clock, metrics: null)
    {
        public override CancellationToken Aborted => aborted;

        protected override ValueTask<bool> WriteAsync(Frame frame, bool last) => ValueTask.FromResult(true);

        protected override void Abort()
        {
        }
    }
}
