using System.Globalization;
using System.Text;

namespace Counter.Gateway.Frames.Shapes;

/// <summary>Writes places as the data of an SVG path: differences in tenths of a pixel, about six bytes for each place.</summary>
internal static class SvgPath
{
    public static string Of(IReadOnlyList<Place> places)
    {
        var path = new StringBuilder("M");
        var (x, y) = (0L, 0L);
        for (var i = 0; i < places.Count; i++)
        {
            var (toX, toY) = ((long)Math.Round(places[i].X * 10), (long)Math.Round(places[i].Y * 10));
            if (i == 1)
            {
                path.Append('l');
            }

            Append(path, toX - x, isFirst: i <= 1);
            Append(path, toY - y, isFirst: false);
            (x, y) = (toX, toY);
        }

        return path.ToString();
    }

    /// <summary>Appends a number. A minus sign separates as well as a space does.</summary>
    private static void Append(StringBuilder path, long tenths, bool isFirst) => path
        .Append(isFirst || tenths < 0 ? "" : " ")
        .Append(CultureInfo.InvariantCulture, $"{tenths / 10.0:#.#;-#.#;0}");
}
