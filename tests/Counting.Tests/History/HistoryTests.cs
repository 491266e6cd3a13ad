using Counter.Counting.History;
using Counter.Counting.Totals;
using Xunit;

namespace Counter.Counting.Tests.History;

public sealed class HistoryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Tally tally = new(Noon);

    [Fact]
    public void An_unknown_number_has_zeros_for_every_step()
    {
        var points = tally.Read(HistoryStep.Hour, Noon - TimeSpan.FromMinutes(90), Noon + TimeSpan.FromHours(9), Noon + TimeSpan.FromMinutes(1));
        Assert.Equal(
            [new(Noon.AddHours(-2), 0, 0, 0), new(Noon.AddHours(-1), 0, 0, 0), new(Noon, 0, 0, 0)],
            points);
    }

    [Fact]
    public void The_mean_is_weighted_by_time_and_the_current_step_by_its_elapsed_time()
    {
        tally.Observe(4, 4, Noon.AddSeconds(45));
        tally.Observe(1, 0, Noon.AddSeconds(75));
        Assert.Equal(
            [new(Noon, 4, 1.0, 4), new(Noon.AddMinutes(1), 4, (15 * 4 + 15 * 1) / 30.0, 0)],
            tally.Read(HistoryStep.Minute, Noon, Noon.AddHours(1), Noon.AddSeconds(90)));
    }

    [Fact]
    public void A_viewer_who_leaves_at_the_start_of_a_step_is_not_in_it()
    {
        tally.Observe(1, 1, Noon);
        tally.Observe(0, 0, Noon.AddMinutes(1));
        Assert.Equal(
            [new(Noon, 1, 1, 1), new(Noon.AddMinutes(1), 0, 0, 0)],
            tally.Read(HistoryStep.Minute, Noon, Noon.AddHours(1), Noon.AddMinutes(2)));
    }

    [Fact]
    public void A_viewer_who_opens_and_closes_between_two_reports_is_an_arrival()
    {
        tally.Observe(0, 1, Noon);
        Assert.Equal(1, Assert.Single(tally.Read(HistoryStep.Day, Noon, Noon.AddHours(1), Noon.AddMinutes(2))).Arrivals);
        Assert.Equal(Noon, tally.Since);
        Assert.Null(tally.PeakAt);
    }

    [Fact]
    public void When_the_clock_goes_back_time_stops_until_it_catches_up()
    {
        tally.Observe(2, 2, Noon.AddMinutes(5));
        tally.Observe(3, 1, Noon.AddMinutes(1));
        Assert.Equal(Noon.AddMinutes(5), tally.PeakAt);
        var points = tally.Read(HistoryStep.Minute, Noon, Noon.AddHours(1), Noon.AddMinutes(2));
        Assert.All(points, p => Assert.Equal((0, 0.0, 0), (p.Peak, p.Mean, p.Arrivals)));

        points = tally.Read(HistoryStep.Minute, Noon.AddMinutes(5), Noon.AddHours(1), Noon.AddMinutes(7));
        Assert.Equal([new(Noon.AddMinutes(5), 3, 3, 3), new(Noon.AddMinutes(6), 3, 3, 0)], points);
    }

    [Fact]
    public void An_empty_or_reversed_range_has_no_points()
    {
        tally.Observe(1, 1, Noon);
        Assert.Empty(tally.Read(HistoryStep.Minute, Noon, Noon, Noon.AddMinutes(1)));
        Assert.Empty(tally.Read(HistoryStep.Minute, Noon.AddMinutes(1), Noon, Noon.AddMinutes(1)));
        Assert.Empty(tally.Read(HistoryStep.Minute, Noon.AddYears(1), Noon.AddYears(2), Noon.AddMinutes(1)));
    }

    [Fact]
    public void Idle_years_take_a_few_bytes()
    {
        tally.Observe(1, 1, Noon);
        tally.Observe(0, 0, Noon.AddSeconds(10));
        tally.Pass(Noon.AddDays(700));
        var stored = tally.Save(Noon.AddDays(700)).History!;
        Assert.True(stored.Minutes.Runs.Length + stored.Hours.Runs.Length + stored.Days.Runs.Length < 40);
    }

    [Fact]
    public void Steps_older_than_the_retention_are_removed()
    {
        for (var second = 0; second < 5 * 24 * 3600; second += 20)
        {
            tally.Observe(second % 7, 1, Noon.AddSeconds(second));
        }

        var runs = tally.Save(Noon.AddDays(5)).History!.Minutes.Runs;
        Assert.InRange(runs.Length, 1_440 * 3, 1_440 * 8);
    }

    [Fact]
    public void A_saved_history_does_not_change_with_later_reports()
    {
        for (var minute = 0; minute < 3_000; minute++)
        {
            tally.Observe(minute % 3, 1, Noon.AddMinutes(minute));
        }

        var now = Noon.AddMinutes(3_000);
        var stored = tally.Save(now);
        var before = new Tally(stored, now).Read(HistoryStep.Minute, Noon, now, now);
        for (var minute = 3_000; minute < 9_000; minute++)
        {
            tally.Observe(minute % 5, 2, Noon.AddMinutes(minute));
        }

        Assert.Equal(before, new Tally(stored, now).Read(HistoryStep.Minute, Noon, now, now));
    }

    [Fact]
    public void An_inconsistent_stored_history_is_refused()
    {
        tally.Observe(1, 1, Noon);
        tally.Observe(2, 1, Noon.AddMinutes(2));
        tally.Observe(2, 1, Noon.AddMinutes(5));
        var good = tally.Save(Noon.AddMinutes(6));
        var history = good.History!;
        var minutes = history.Minutes;
        Refused(good with { Peak = -1 });
        Refused(good with { Arrivals = -1 });
        Refused(good with { Since = null });
        Refused(good with { History = history with { At = history.At.AddMinutes(1) } });
        Refused(good with { History = history with { Minutes = minutes with { First = minutes.First + 1 } } });
        Refused(good with { History = history with { Minutes = minutes with { LastLength = -1 } } });
        Refused(good with { History = history with { Minutes = minutes with { Current = new StepSum(0, -1, 0) } } });
        Refused(good with { History = history with { Minutes = minutes with { Runs = minutes.Runs[..^1] } } });
        Refused(good with { History = history with { Minutes = minutes with { Runs = new byte[] { 0 } } } });
        Refused(good with { History = history with { Minutes = minutes with { Runs = Enumerable.Repeat((byte)0xff, 20).ToArray() } } });

        static void Refused(TallyState state) => Assert.Throws<InvalidDataException>(() => new Tally(state, Noon.AddHours(1)));
    }
}
