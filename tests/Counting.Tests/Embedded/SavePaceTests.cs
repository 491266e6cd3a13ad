using Counter.Counting.Embedded;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Counter.Counting.Tests.Embedded;

public sealed class SavePaceTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    [Fact]
    public void Small_sites_are_saved_every_interval_and_a_big_one_takes_what_is_left()
    {
        var periods = SavePace.Periods([TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(1), TimeSpan.Zero], Interval);
        Assert.Equal([Interval, Interval], periods[1..]);
        Assert.InRange(periods[0].TotalSeconds, 40, 41);
    }

    [Fact]
    public void Saving_never_takes_more_than_its_share_and_uses_it_when_it_is_wanted() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(
            Arb.From(Gen.Choose(0, 5_000_000).Select(us => TimeSpan.FromMicroseconds(us)).ListOf()),
            costs =>
            {
                var periods = SavePace.Periods([.. costs], Interval);
                var load = costs.Zip(periods, (cost, period) => cost / period).Sum();
                var wanted = costs.Sum(cost => cost / Interval);
                return periods.All(p => p >= Interval)
                    && Math.Abs(load - Math.Min(wanted, SavePace.Share)) < 1e-5;
            }));
}
