using Counter.Gateway.Frames.Charts;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Counter.Gateway.Tests.Charts;

public class AxisTests
{
    private static readonly DateTimeOffset Now = SampleCharts.Now;

    [Theory]
    [InlineData(0, 1, "0 1")]
    [InlineData(1, 1, "0 1")]
    [InlineData(3, 1, "0 1 2 3")]
    [InlineData(9, 2, "0 2 4 6 8 10")]
    [InlineData(58, 20, "0 20 40 60")]
    [InlineData(240, 50, "0 50 100 150 200 250")]
    [InlineData(int.MaxValue, 500_000_000, "0 500000000 1000000000 1500000000 2000000000")]
    public void Gridlines_of_viewers_are_at_round_whole_numbers(double most, double step, string lines)
    {
        var axis = ValueAxis.Fitting(most, free: 0.1, lines: 5, leastStep: 1);
        Assert.Equal(step, axis.Step);
        Assert.Equal(lines, string.Join(' ', axis.Lines));
    }

    [Fact]
    public void Any_axis_has_a_few_round_gridlines_and_covers_its_values()
    {
        var values = Gen.OneOf(
            Gen.Choose(0, int.MaxValue).Select(n => (double)n),
            Gen.Choose(-12, 15).Select(power => Math.Pow(10, power)),
            Gen.Elements(0, double.Epsilon, 1e-300, ChartPoint.Most));
        Check.QuickThrowOnFailure(Prop.ForAll(Arb.From(values), Arb.From(Gen.Choose(2, 5)), Arb.From(Gen.Elements(0.0, 1.0)), (most, lines, least) =>
        {
            var axis = ValueAxis.Fitting(most, 0.15, lines, least);
            var all = axis.Lines.ToList();
            var digit = axis.Step / Math.Pow(10, Math.Floor(Math.Log10(axis.Step) + 1e-9));
            return axis.Top >= most && all.Count >= 2 && all.Count <= lines + 1 && axis.Step >= least
                && new[] { 1.0, 2, 5 }.Any(round => Math.Abs(digit - round) < 1e-6);
        }));
    }

    [Theory]
    [InlineData(15 * 60, 440, "12:20 12:22 12:24 12:26 12:28 12:30 12:32 12:34")]
    [InlineData(15 * 60, 180, "12:20 12:25 12:30")]
    [InlineData(24 * 3600, 440, "18:00 00:00 06:00 12:00")]
    [InlineData(30 * 86400, 440, "Mon 2 Feb|Mon 9 Feb|Mon 16 Feb|Mon 23 Feb")]
    [InlineData(30 * 86400, 900, "31 Jan|2 Feb|4 Feb|6 Feb|8 Feb|10 Feb|12 Feb|14 Feb|16 Feb|18 Feb|20 Feb|22 Feb|24 Feb|26 Feb|28 Feb")]
    [InlineData(30, 440, "12:33:50 12:33:55 12:34:00 12:34:05 12:34:10 12:34:15 12:34:20")]
    [InlineData(1, 440, "12:34:19 12:34:20")]
    public void Time_labels_are_round_and_do_not_overlap(int seconds, double width, string expected)
    {
        var labels = TimeAxis.Ticks(Now.AddSeconds(-seconds), Now, width).Select(tick => tick.Label).ToList();
        Assert.Equal(expected.Split(expected.Contains('|', StringComparison.Ordinal) ? '|' : ' '), labels);
    }

    [Fact]
    public void Any_span_of_time_has_ticks_inside_it_in_order_and_not_too_many() => Check.QuickThrowOnFailure(Prop.ForAll(
        Arb.From(Gen.Choose(1, int.MaxValue)), Arb.From(Gen.Choose(20, 1600)), (seconds, width) =>
        {
            var from = Now.AddSeconds(-seconds);
            var ticks = TimeAxis.Ticks(from, Now, width).Select(tick => tick.Time).ToList();
            return ticks.Count <= width / 50 + 1 && ticks.SequenceEqual(ticks.Order()) && ticks.TrueForAll(tick => tick >= from && tick <= Now);
        }));
}
