using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;

namespace Counter.Gateway.Monitor.Pictures;

/// <summary>Identifies a picture of the monitor. Watchers of the same picture get the same frames. There are few, so caches stay small.</summary>
/// <param name="Name">A chart's name, or <see cref="Sheet"/>.</param>
/// <param name="Format">PNG or SVG; the sheet is SVG.</param>
/// <param name="Theme">The theme of the page that shows it.</param>
/// <param name="Columns">The charts side by side in the sheet: 1 or 2.</param>
internal readonly record struct MonitorImageKey(string Name, ImageFormat Format, Theme Theme, int Columns)
{
    /// <summary>The whole monitor in one picture.</summary>
    public const string Sheet = "sheet";

    /// <summary>Parses an address; null, with the wrong parameter and its allowed values, when it is not valid.</summary>
    public static MonitorImageKey? Read(string name, string format, IQueryCollection query, out (string Parameter, string Allowed) problem)
    {
        problem = default;
        var image = format == "svg" ? ImageFormat.Svg : ImageFormat.Png;
        var theme = query["theme"].LastOrDefault() switch
        {
            null or "" => image == ImageFormat.Svg ? Theme.Auto : Theme.None,
            "light" => Theme.Light,
            "dark" => Theme.Dark,
            "auto" when image == ImageFormat.Svg => Theme.Auto,
            _ => (Theme)(-1),
        };
        var columns = query["columns"].LastOrDefault() switch { null or "" or "2" => 2, "1" => 1, _ => 0 };
        if (name != Sheet && !MonitorCharts.Names.Contains(name))
        {
            problem = ("name", $"{Sheet}, {string.Join(", ", MonitorCharts.Names)}.");
        }
        else if (format is not ("svg" or "png") || (name == Sheet && image != ImageFormat.Svg))
        {
            problem = ("format", name == Sheet ? "svg." : "svg or png.");
        }
        else if ((int)theme < 0)
        {
            problem = ("theme", "light or dark; auto for svg.");
        }
        else if (columns == 0)
        {
            problem = ("columns", "1 or 2.");
        }

        return problem == default ? new MonitorImageKey(name, image, theme, name == Sheet ? columns : 2) : null;
    }

    /// <summary>The style of a chart in this picture.</summary>
    public ChartStyle Style => new() { Width = Columns == 1 ? 360 : 540, Height = 190, Theme = Theme };
}
