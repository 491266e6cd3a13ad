using Counter.Counting.Cluster;
using Counter.Gateway.Cluster;
using Counter.Gateway.Links;
using Counter.Gateway.Relay.Elsewhere;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Counter.Gateway.Tests.Links;

/// <summary>A gateway is heard again just before it would be forgotten.</summary>
public sealed class ForgettingTests
{
    [Fact]
    public async Task A_forgetting_that_comes_late_is_of_no_effect_after_another_link()
    {
        await using var linked = await LinkedGateways.StartAsync(2);
        var there = linked[1].App.Services.GetRequiredService<ThisGateway>();
        var here = linked[0].App.Services;
        var channels = new Sources(here.GetRequiredService<ThisGateway>(), linked.Clock);
        var clock = new LateClock(linked.Clock, Hearing.Remember);
        await using var hearing = new Hearing(
            new GatewayState(there.Id, "there", "1", linked.Clock.GetUtcNow(), 0, 0, there.Address), here.GetRequiredService<LinkClient>(),
            channels, clock, NullLogger.Instance);
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
}
