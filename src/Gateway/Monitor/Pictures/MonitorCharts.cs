using System.Globalization;
using Counter.Gateway.Frames.Charts;
using Counter.Gateway.Frames.Shapes;
using Counter.Gateway.Monitor.Sampling;

namespace Counter.Gateway.Monitor.Pictures;

/// <summary>The charts of the monitor, by name.</summary>
internal static class MonitorCharts
{
    private static readonly TimeSpan Width = TimeSpan.FromSeconds(SampleHistory.Most);
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>The names, in the order of the page.</summary>
    public static IReadOnlyList<string> Names { get; } = ["viewers", "joins", "frames", "bytes", "cpu", "memory"];

    /// <summary>Makes a chart of samples.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="samples">The samples, oldest first.</param>
    /// <param name="now">The end of the time axis when there is no sample.</param>
    /// <param name="live">False in the last picture of a stream.</param>
    public static Chart Make(string name, IReadOnlyList<Sample> samples, DateTimeOffset now, bool live)
    {
        var to = samples.Count > 0 ? samples[^1].At : now;
        Chart chart = name switch
        {
            "viewers" => new("viewers", default, default, [Line("viewers", ColorRole.Third, s => s.Viewers)]),
            "joins" => new(
                "Per second", default, default, [Line("joins", ColorRole.Third, s => s.Joins), Line("leaves", ColorRole.Second, s => s.Leaves)]),
            "frames" => new("frames a second", default, default, [Line("frames", ColorRole.First, s => s.Frames)]),
            "bytes" => new("a second", default, default, [Line("bytes", ColorRole.First, s => s.Bytes)]) { Write = Bytes },
            "cpu" => new(
                "CPU",
                default,
                default,
                [
                    Line("user", ColorRole.First, s => s.User), Line("system", ColorRole.Second, s => s.System),
                    Line("wait", ColorRole.Fourth, s => s.Stalled),
                ])
            { Write = ChartUnits.Percent, Stacked = true, Maximum = 100 },
            _ => new(
                "Memory",
                default,
                default,
                [Line("process", ColorRole.First, s => s.Resident), Line("objects", ColorRole.Third, s => s.Managed)])
            { Write = Bytes },
        };
        return chart with { From = to - Width, To = to, Live = live, Caption = "15 min, UTC" };

        ChartSeries Line(string series, ColorRole role, Func<Sample, double> value) =>
            new(series, role, [.. samples.Select(s => new ChartPoint(s.At, value(s)))]);
    }

    /// <summary>Formats bytes in powers of a thousand, because gridlines are at round numbers.</summary>
    public static string Bytes(double value)
    {
        var unit = 0;
        for (; value >= 1000 && unit < Units.Length - 1; unit++)
        {
            value /= 1000;
        }

        return value.ToString(value < 100 ? "0.#" : "0", CultureInfo.InvariantCulture) + " " + Units[unit];
    }
}
