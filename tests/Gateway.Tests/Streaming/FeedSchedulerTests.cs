using Counter.Counting.Pages;
using Counter.Gateway.Settings;
using Counter.Gateway.Streaming;
using Counter.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Streaming;

/// <summary>The time at which feeds are due.</summary>
public sealed class FeedSchedulerTests : IDisposable
{
    private readonly ManualTimeProvider clock = new();
    private readonly FeedScheduler rounds;
    private readonly Feed one;
    private readonly Feed other;

    public FeedSchedulerTests()
    {
        rounds = new FeedScheduler(clock);
        one = Make("one.example");
        other = Make("other.example");
    }

    public void Dispose()
    {
        one.Dispose();
        other.Dispose();
    }

    [Fact]
    public void A_feed_is_due_once_at_its_time()
    {
        rounds.Schedule(one, TimeSpan.FromSeconds(2));
        rounds.Schedule(other, TimeSpan.FromSeconds(1));
        Assert.Empty(rounds.Due());
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([other], rounds.Due());
        Assert.Empty(rounds.Due());
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([one], rounds.Due());
    }

    [Fact]
    public void The_earliest_time_applies()
    {
        rounds.Schedule(one, TimeSpan.FromSeconds(10));
        rounds.Schedule(one, TimeSpan.FromSeconds(1));
        rounds.Schedule(one, TimeSpan.FromSeconds(5));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([one], rounds.Due());

        // The times that were said before are over with it.
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(rounds.Due());
    }

    [Fact]
    public void A_round_that_schedules_its_own_feeds_ends()
    {
        rounds.Schedule(one, TimeSpan.Zero);
        clock.Advance(TimeSpan.FromSeconds(1));
        foreach (var feed in rounds.Due())
        {
            rounds.Schedule(feed, TimeSpan.FromSeconds(-1));
        }

        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([one], rounds.Due());
    }

    private Feed Make(string site) => new(CountKey.ForSite(site), FeedSites.Make(site, clock), clock, new StreamingOptions());
}
