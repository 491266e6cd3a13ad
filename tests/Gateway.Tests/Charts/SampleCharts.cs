using Counter.Gateway.Frames.Charts;
using Counter.Gateway.Frames.Shapes;

namespace Counter.Gateway.Tests.Charts;

/// <summary>Charts of every kind, for tests that look at all of them.</summary>
internal static class SampleCharts
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 34, 20, TimeSpan.Zero);

    public static IEnumerable<(string Name, Chart Chart, ChartStyle Look)> All
    {
        get
        {
            var usual = new ChartStyle();
            var busy = Minutes(i => (int)(40 + (12 * Math.Sin(i / 2.0)) + (i % 3 * 4)));
            yield return ("empty", People([]), usual);
            yield return ("one-point", People([new(Now, 1)]), usual);
            yield return ("zero", Minutes(_ => 0), usual);
            yield return ("ones", Minutes(i => i % 5 == 0 ? 0 : 1), usual);
            yield return ("few", Minutes(i => new[] { 1, 1, 2, 3, 2, 4, 3, 5, 4, 3, 3, 2, 4, 4, 3, 3 }[i]), usual);
            yield return ("busy", busy, usual);
            yield return ("growing", Minutes(i => i * i * 5), usual);
            yield return ("spikes", Minutes(i => i % 6 == 3 ? 240 : 3), usual);
            yield return ("peak-left", Minutes(i => i == 0 ? 90 : 10), usual);
            yield return ("gap", Minutes(i => i is > 5 and < 9 || i == 11 ? null : 20 + i), usual);
            yield return ("huge", Minutes(i => i == 8 ? int.MaxValue : 1_000_000_000), usual);
            yield return ("thousands", Minutes(i => 1200 + (i * 37 % 400)), usual);
            yield return ("stopped", busy with { Live = false }, usual);
            yield return ("day", Past(TimeSpan.FromDays(1), 288, "24 h, UTC"), usual);
            yield return ("month", Past(TimeSpan.FromDays(30), 360, "30 days, UTC"), usual);
            yield return ("tiny", busy, usual with { Width = 160, Height = 80 });
            yield return ("tiny-month", Past(TimeSpan.FromDays(30), 360, "30 days, UTC"), usual with { Width = 160, Height = 80 });
            yield return ("small", busy, usual with { Width = 240, Height = 100 });
            yield return ("wide", Past(TimeSpan.FromDays(1), 288, "24 h, UTC"), usual with { Width = 1000, Height = 90 });
            yield return ("large", Past(TimeSpan.FromDays(30), 360, "30 days, UTC"), usual with { Width = 1000, Height = 400 });
            yield return ("dense", busy, usual with { Scale = 2 });
            yield return ("card", busy, usual with { Background = new(255, 255, 255), Theme = Gateway.Frames.Theme.Light });
            yield return ("card-dark", busy, usual with { Background = new(0x16, 0x1b, 0x22), Theme = Gateway.Frames.Theme.Dark });
            yield return ("own", busy, usual with { Color = new(0xe1, 0x1d, 0x48), Label = "lecteurs du café & <thé>" });
            yield return ("long", busy, usual with { Label = "people who read this very long page about charts, and everything that can be said about them" });
            yield return ("cpu", Processor(), usual);
            yield return ("cpu-small", Processor(), usual with { Width = 240, Height = 110 });
            yield return ("lines", Traffic(), usual);
        }
    }

    public static Chart People(IReadOnlyList<ChartPoint> points) => new(
        "online now", Now.AddMinutes(-15), Now, [new("viewers", ColorRole.First, points)])
    { Caption = "15 min, UTC" };

    /// <summary>16 points, one a minute; the last one now.</summary>
    public static Chart Minutes(Func<int, int?> value) =>
        People([.. Enumerable.Range(0, 16).Select(i => new ChartPoint(Now.AddMinutes(i - 15), value(i)))]);

    private static Chart Past(TimeSpan range, int points, string caption)
    {
        var step = range / points;
        return new("online now", Now - range, Now, [new("viewers", ColorRole.First, [.. Enumerable.Range(0, points + 1).Select(i =>
        {
            var time = Now - range + (i * step);
            var daily = Math.Pow(Math.Sin(Math.PI * (time.TimeOfDay.TotalDays + 0.1)), 2) * (time.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0.5 : 1);
            return new ChartPoint(time, Math.Floor(5 + (130 * daily) + (i * 7919 % 13)));
        })])])
        { Caption = caption };
    }

    private static Chart Processor()
    {
        ChartSeries Layer(string name, ColorRole role, Func<int, double> value) =>
            new(name, role, [.. Enumerable.Range(0, 60).Select(i => new ChartPoint(Now.AddSeconds(-900 + (i * 15.25)), value(i)))]);
        return new("CPU", Now.AddMinutes(-15), Now,
            [
                Layer("user", ColorRole.First, i => 20 + (15 * Math.Sin(i / 5.0))),
                Layer("system", ColorRole.Second, i => 8 + (i % 7)),
                Layer("wait", ColorRole.Quiet, i => i is > 30 and < 36 ? 20 : 2),
            ])
        { Stacked = true, Maximum = 100, Write = ChartUnits.Percent };
    }

    private static Chart Traffic()
    {
        ChartSeries Line(string name, ColorRole role, Func<int, double> value) =>
            new(name, role, [.. Enumerable.Range(0, 60).Select(i => new ChartPoint(Now.AddSeconds(-900 + (i * 15.25)), value(i)))]);
        return new("per second", Now.AddMinutes(-15), Now,
            [
                Line("joins", ColorRole.First, i => 3 + (2 * Math.Sin(i / 5.0))),
                Line("leaves", ColorRole.Second, i => 3 + (2 * Math.Cos(i / 4.0))),
            ])
        { Write = ChartUnits.Number };
    }
}
