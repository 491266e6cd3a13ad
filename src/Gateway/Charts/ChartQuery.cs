using System.Diagnostics.CodeAnalysis;
using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;

namespace Counter.Gateway.Charts;

/// <summary>Reads from a query how a chart looks and how far back it goes, as <see cref="StyleQuery"/> reads a number's look.</summary>
internal static class ChartQuery
{
    /// <param name="query">The parameters.</param>
    /// <param name="format">What the path asks for.</param>
    /// <param name="style">The style, when all are allowed.</param>
    /// <param name="range">The range, when all are allowed.</param>
    /// <param name="errors">For each parameter that is not, a sentence that says what is.</param>
    /// <param name="site">The look that the site's numbers usually have. Only what says where they stand holds for charts too.</param>
    public static bool TryParse(
        IQueryCollection query,
        ImageFormat format,
        [NotNullWhen(true)] out ChartStyle? style,
        [NotNullWhen(true)] out ChartRange? range,
        out Dictionary<string, string[]> errors,
        IReadOnlyDictionary<string, string>? site = null)
    {
        var read = new StyleParameters(query, site?.Where(usual => usual.Key is "theme" or "background").ToDictionary());
        var usual = new ChartStyle();
        style = new ChartStyle
        {
            Width = read.Whole("width", usual.Width, ChartStyle.LeastWidth, ChartStyle.MostWidth),
            Height = read.Whole("height", usual.Height, ChartStyle.LeastHeight, ChartStyle.MostHeight),
            Scale = read.Whole("scale", usual.Scale, 1, 4),
            Theme = StyleQuery.ThemeOf(read, format),
            Color = read.Color("color"),
            Background = read.Color("background") ?? usual.Background,
            Label = read.Text("label"),
        };
        range = read.Read(
            "range",
            ChartRange.All[0],
            string.Join(", ", ChartRange.All.Select(one => one.Name)) + ".",
            (string text, out ChartRange value) => (value = ChartRange.All.FirstOrDefault(one => one.Name == text)!) is not null);
        errors = read.Errors;
        if (style.Label?.Contains(CounterStyle.NumberPlace, StringComparison.Ordinal) == true)
        {
            errors["label"] = [$"Words without {CounterStyle.NumberPlace}: a chart shows the number in front of them."];
        }

        if (errors.Count == 0 && !style.Size.Fits)
        {
            errors["scale"] =
                [$"The picture would be {style.Size.Width} x {style.Size.Height} pixels; at most {FrameSize.MostPixels} in all are allowed. Choose a smaller scale, width or height."];
        }

        if (errors.Count > 0)
        {
            (style, range) = (null, null);
        }

        return style is not null && range is not null;
    }
}
