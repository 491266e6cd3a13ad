using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;

namespace Counter.Gateway.Play.Pictures;

/// <summary>The style of a table's picture. Equal by value.</summary>
/// <param name="Format">PNG or SVG.</param>
/// <param name="Theme">The theme of the embedding page.</param>
/// <param name="Scale">Image pixels for each CSS pixel, 1 to 4.</param>
internal readonly record struct TableStyle(ImageFormat Format, Theme Theme, int Scale)
{
    /// <summary>CSS pixels. play.css has the same numbers, because buttons lie over the picture.</summary>
    public const int Width = 348;

    /// <summary>CSS pixels.</summary>
    public const int Height = 488;

    /// <summary>The same style for the renderer of charts.</summary>
    public ChartStyle Drawing => new() { Width = Width, Height = Height, Scale = Scale, Theme = Theme };

    /// <summary>Reads a style from the query; null, with the problem, when a parameter is invalid.</summary>
    public static TableStyle? Read(ImageFormat format, IQueryCollection query, out (string Parameter, string Allowed) problem)
    {
        problem = default;
        Theme? theme = query["theme"].LastOrDefault() switch
        {
            null or "" => format == ImageFormat.Svg ? Theme.Auto : Theme.None,
            "light" => Theme.Light,
            "dark" => Theme.Dark,
            "auto" when format == ImageFormat.Svg => Theme.Auto,
            _ => null,
        };
        var scale = query["scale"].LastOrDefault() switch { null or "" or "1" => 1, "2" => 2, "3" => 3, "4" => 4, _ => 0 };
        if (theme is null)
        {
            problem = ("theme", "light or dark; auto for svg.");
        }
        else if (scale == 0)
        {
            problem = ("scale", "A whole number from 1 to 4.");
        }

        return problem == default ? new TableStyle(format, theme!.Value, scale) : null;
    }
}
