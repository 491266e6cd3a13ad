using System.Diagnostics.CodeAnalysis;
using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;

namespace Counter.Gateway.Charts;

/// <summary>Reads the style and the range of a chart from a query, as <see cref="StyleQuery"/> reads the style of a number.</summary>
internal static class ChartQuery
{
    /// <param name="query">The parameters.</param>
    /// <param name="format">The format that the path names.</param>
    /// <param name="style">The style; null when a parameter is invalid.</param>
    /// <param name="range">The range; null when a parameter is invalid.</param>
    /// <param name="errors">For each invalid parameter a sentence with the valid values.</param>
    /// <param name="site">The site's default style of numbers. Charts use only its theme and background.</param>
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
            errors["label"] = [$"Text without {CounterStyle.NumberPlace}: a chart shows the number before it."];
        }

        if (errors.Count == 0 && !style.Size.Fits)
        {
            errors["scale"] =
                [$"The picture would be {style.Size.Width} x {style.Size.Height} pixels. At most {FrameSize.MostPixels} pixels in total are allowed: choose a smaller scale, width or height."];
        }

        if (errors.Count > 0)
        {
            (style, range) = (null, null);
        }

        return style is not null && range is not null;
    }
}
