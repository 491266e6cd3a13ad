using Counter.Counting.Pages;
using Counter.Tests.Support;
using Xunit;

namespace Counter.Counting.Tests.Embedded;

/// <summary>What only this engine does; the rest is in the contract.</summary>
public sealed class EmbeddedClusterTests : EmbeddedTest
{
    [Fact]
    public async Task A_machine_that_slept_gives_gateways_time_to_speak()
    {
        var asleep = new ManualTimeProvider();
        using var elsewhere = new TemporaryDirectory();
        await using var sleeper = Open(elsewhere, clock: new WithoutTimers(asleep));
        await ReportTo(sleeper, One(Home, 2));
        asleep.Advance(TimeSpan.FromHours(8));
        sleeper.ExpireAndSave();
        Assert.Equal(2, (await sleeper.GetAsync(CountKey.ForPage(Home), Stop)).Viewers);
        asleep.Advance(TimeSpan.FromSeconds(1));
        sleeper.ExpireAndSave();
        Assert.Equal(0, (await sleeper.GetAsync(CountKey.ForPage(Home), Stop)).Viewers);
    }

    /// <summary>A clock whose timers never fire, as on a machine that sleeps.</summary>
    private sealed class WithoutTimers(TimeProvider clock) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            clock.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
