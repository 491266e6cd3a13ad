using Counter.Gateway.Frames.Shapes;

namespace Counter.Gateway.Frames.Charts;

/// <summary>The line above a chart: the current value, the title, and on the right the caption or the legend.</summary>
internal static class ChartHeader
{
    private const double Gap = 8;
    private const double Swatch = 8;

    /// <summary>Returns the shapes of the header.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="style">The style.</param>
    /// <param name="type">The sizes of text.</param>
    /// <param name="left">Where the line begins.</param>
    /// <param name="right">Where it ends.</param>
    /// <param name="baseline">The baseline of its text.</param>
    public static IEnumerable<Shape> Draw(Chart chart, ChartStyle style, ChartType type, double left, double right, double baseline)
    {
        var title = CleanText.Of(style.Label ?? chart.Title);
        if (chart.Series.Count > 1)
        {
            var legend = Legend(chart, type, (right - left) * 0.8);
            var room = right - left - legend.Sum(item => item.Width) - Gap;
            yield return new Words(ColorRole.Text, ChartType.Fit(title, type.Title, room), new Place(left, baseline), type.Title);
            var x = right - legend.Sum(item => item.Width) + Gap;
            foreach (var (role, text, width) in legend)
            {
                yield return new Box(role, Math.Round(x), baseline - Swatch, Swatch, Swatch);
                yield return new Words(ColorRole.Muted, text, new Place(Math.Round(x) + Swatch + 4, baseline), type.Title);
                x += width;
            }

            yield break;
        }

        if (chart.Series.Count > 0 && chart.Series[0].Current is { } current)
        {
            var value = (chart.Live ? "" : "~") + chart.Write(current);
            yield return new Words(ColorRole.Text, value, new Place(left, baseline), type.Value);
            left += ChartType.Width(value, type.Value) + (type.Value / 3.0);
        }

        var shown = ChartType.Fit(title, type.Title, right - left);
        yield return new Words(ColorRole.Muted, shown, new Place(left, baseline), type.Title);
        var caption = CleanText.Of(chart.Caption);
        if (left + ChartType.Width(shown, type.Title) + (2 * Gap) + ChartType.Width(caption, type.Axis) <= right)
        {
            yield return new Words(ColorRole.Muted, caption, new Place(right, baseline), type.Axis, Anchor.End);
        }
    }

    /// <summary>Returns the items that fit: names with values, or else names, or else the first few names.</summary>
    private static List<(ColorRole Role, string Text, double Width)> Legend(Chart chart, ChartType type, double room)
    {
        var names = chart.Series.Select(series => (series.Role, CleanText.Of(series.Name), series.Current));
        var full = names.Select(item => Item(item.Role, item.Item2 + (item.Current is { } value ? " " + chart.Write(value) : ""))).ToList();
        if (full.Sum(item => item.Width) <= room)
        {
            return full;
        }

        var plain = names.Select(item => Item(item.Role, item.Item2)).ToList();
        while (plain.Sum(item => item.Width) > room)
        {
            plain.RemoveAt(plain.Count - 1);
        }

        return plain;

        (ColorRole Role, string Text, double Width) Item(ColorRole role, string text) =>
            (role, text, Gap + Swatch + 4 + ChartType.Width(text, type.Title) + (Gap / 2));
    }
}
