using System.Globalization;
using System.Security;
using System.Text;
using Counter.Counting.Cluster;
using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;
using Counter.Gateway.Frames.Shapes;
using Counter.Gateway.Monitor.Sampling;

namespace Counter.Gateway.Monitor.Pictures;

/// <summary>
/// The whole monitor in one picture: numbers, charts and tables. Over HTTP/1.1 a browser opens six connections to a host, and each live
/// picture holds one. With one picture a page, two such pages may be open and still leave connections for the next page.
/// </summary>
internal sealed class DashboardImage
{
    private const int Gap = 40;
    private const int Row = 22;
    private const int Rows = 12;
    private const int Title = 15;
    private const int Text = 13;
    private const int LongestPage = 44;

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private readonly StringBuilder svg = new();
    private readonly int width;
    private readonly bool narrow;
    private double y;

    private DashboardImage(MonitorImageKey key)
    {
        narrow = key.Columns == 1;
        width = (key.Columns * key.Style.Width) + ((key.Columns - 1) * Gap);
    }

    /// <summary>Draws the picture.</summary>
    public static Frame Draw(
        MonitorImageKey key, IReadOnlyList<Sample> samples, IReadOnlyList<CountStatus> busiest, ChartRenderer renderer, DateTimeOffset now, bool live)
    {
        var sheet = new DashboardImage(key);
        sheet.AddNumbers(samples.Count > 0 ? samples[^1] : null, live);
        sheet.AddCharts(key, samples, renderer, now, live);
        sheet.AddTable(
            "Busiest pages", ["Page", "Viewers", "Peak"], [sheet.narrow ? 230 : 500, 70, 60],
            busiest.Select(b => new[] { Cut(b.Key.Site + b.Key.Path, sheet.narrow ? LongestPage / 2 : LongestPage), Whole(b.Viewers), Whole(b.Peak) }));
        var last = samples.Reverse().Take(Rows);
        if (sheet.narrow)
        {
            sheet.AddTable(
                "Last samples", ["Time", "Viewers", "Frames/s", "CPU idle"], [90, 80, 90, 90],
                last.Select(s => new[] { Time(s), Whole(s.Viewers), Rate(s.Frames), Percent(s.Idle) }));
        }
        else
        {
            sheet.AddTable(
                "Last samples",
                ["Time (UTC)", "Viewers", "Streams", "Joins/s", "Leaves/s", "Frames/s", "Bytes/s", "User", "System", "Wait", "Idle", "Process", "Memory"],
                [90, 80, 80, 80, 80, 90, 90, 80, 80, 80, 80, 90, 100],
                last.Select(s => new[]
                {
                    Time(s), Whole(s.Viewers), Whole(s.Streams), Rate(s.Joins), Rate(s.Leaves), Rate(s.Frames), Bytes(s.Bytes), Percent(s.User),
                    Percent(s.System), Percent(s.Stalled), Percent(s.Idle), Percent(s.Process), Bytes(s.Resident),
                }));
        }

        return new Frame(ImageFormat.Svg.MediaType, Encoding.UTF8.GetBytes(sheet.Finish(key)));
    }

    private void AddNumbers(Sample? newest, bool live)
    {
        (string Name, string Value)[] numbers =
        [
            ("viewers", Whole(Of(s => s.Viewers))), ("streams here", Whole(Of(s => s.Streams))), ("pages", Whole(Of(s => s.Pages))),
            ("sites", Whole(Of(s => s.Sites))), ("joins/s", Rate(Of(s => s.Joins))), ("leaves/s", Rate(Of(s => s.Leaves))),
            ("frames/s", Rate(Of(s => s.Frames))), ("CPU in use", Percent(100 - Of(s => s.Idle))),
        ];
        var perRow = narrow ? 2 : 4;
        foreach (var (i, (name, value)) in numbers.Index())
        {
            var x = i % perRow * (width / perRow);
            var top = y + (i / perRow * 70);
            Write(x, top + 32, (live ? "" : "~") + value, 30, "t");
            Write(x, top + 52, name, Text, "m");
        }

        y += (numbers.Length / perRow * 70) + 14;

        double Of(Func<Sample, double> value) => newest is { } sample ? value(sample) : double.NaN;
    }

    private void AddCharts(MonitorImageKey key, IReadOnlyList<Sample> samples, ChartRenderer renderer, DateTimeOffset now, bool live)
    {
        var style = key.Style;
        foreach (var (i, name) in MonitorCharts.Names.Index())
        {
            var column = i % key.Columns;
            var chart = renderer.Render(MonitorCharts.Make(name, samples, now, live), style, ImageFormat.Svg);
            svg.Append(Invariant, $"<g transform='translate({column * (style.Width + Gap)} {y})'>").Append(Encoding.UTF8.GetString(chart.Image.Span)).Append("</g>");
            y += column == key.Columns - 1 ? style.Height + 28 : 0;
        }
    }

    /// <summary>Adds a table. The first column is text, aligned left. The others are numbers, aligned right.</summary>
    private void AddTable(string title, string[] names, int[] widths, IEnumerable<string[]> rows)
    {
        y += 24;
        Write(0, y, title, Title, "t");
        y += 26;
        WriteRow(names, widths, "m");
        svg.Append(Invariant, $"<path class='l' d='M0 {y + 7.5}H{width}'/>");
        var any = false;
        foreach (var row in rows)
        {
            y += Row;
            WriteRow(row, widths, "t");
            any = true;
        }

        if (!any)
        {
            y += Row;
            Write(0, y, "Nothing yet.", Text, "m");
        }

        y += 20;
    }

    private void WriteRow(string[] cells, int[] widths, string role)
    {
        var x = 0;
        foreach (var (i, cell) in cells.Index())
        {
            x += widths[i];
            Write(i == 0 ? 0 : x, y, cell, Text, role, atEnd: i > 0);
        }
    }

    private void Write(double x, double baseline, string text, int size, string role, bool atEnd = false) => svg
        .Append(Invariant, $"<text class='{role}' x='{x}' y='{baseline}' font-size='{size}'{(atEnd ? " text-anchor='end'" : "")}>")
        .Append(SecurityElement.Escape(CleanText.Of(text))).Append("</text>");

    private string Finish(MonitorImageKey key)
    {
        var colors = key.Theme == Theme.Auto
            ? Colors(key, Theme.Light) + "@media(prefers-color-scheme:dark){" + Colors(key, Theme.Dark) + "}"
            : Colors(key, key.Theme);
        return string.Create(
            Invariant,
            $"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{y}' viewBox='0 0 {width} {y}' font-family='system-ui,Segoe UI,DejaVu Sans,sans-serif'><style>text{{font-variant-numeric:tabular-nums}}{colors}</style>{svg}</svg>");
    }

    private static string Colors(MonitorImageKey key, Theme theme) => string.Concat(
        new[] { ("t", "fill", ColorRole.Text), ("m", "fill", ColorRole.Muted), ("l", "stroke", ColorRole.Muted) }.Select(c =>
            $".{c.Item1}{{{c.Item2}:{key.Style.ColorOf(c.Item3, theme).Hex}}}"));

    private static string Cut(string text, int most) => text.Length <= most ? text : string.Concat(text.AsSpan(0, most - 1), "…");

    private static string Time(Sample s) => s.At.ToString("HH:mm:ss", Invariant);

    private static string Whole(double value) => Known(value, v => ChartUnits.Whole(v));

    private static string Rate(double value) => Known(value, v => v.ToString(v < 100 ? "0.0" : "#,0", Invariant));

    private static string Percent(double value) => Known(value, v => v.ToString("0.0", Invariant) + "%");

    private static string Bytes(double value) => Known(value, MonitorCharts.Bytes);

    private static string Known(double value, Func<double, string> write) => double.IsFinite(value) ? write(value) : "–";
}
