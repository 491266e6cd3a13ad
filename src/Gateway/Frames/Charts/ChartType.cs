
namespace Counter.Gateway.Frames.Charts;

/// <summary>The text sizes of a chart, in CSS pixels.</summary>
/// <param name="Value">The current value.</param>
/// <param name="Title">The title, the caption and the legend.</param>
/// <param name="Axis">The labels of the axes and the peak.</param>
internal readonly record struct ChartType(int Value, int Title, int Axis)
{
    private const string Cut = "…";

    /// <summary>Returns sizes that are readable in a chart of this size and leave room for the curve.</summary>
    public static ChartType For(ChartStyle style) => style switch
    {
        { Height: < 110 } or { Width: < 240 } => new ChartType(16, 11, 10),
        { Height: >= 320, Width: >= 640 } => new ChartType(30, 14, 12),
        _ => new ChartType(22, 12, 10),
    };

    public static double Width(string text, int size) =>
        text.Length == 0 ? 0 : TextEstimate.Advance(text, new CounterStyle(ImageFormat.Svg) { Size = size });

    /// <summary>Shortens a text to the room; empty when hardly anything is left of it.</summary>
    public static string Fit(string text, int size, double room)
    {
        if (Width(text, size) <= room)
        {
            return text;
        }

        // The ellipsis is wider than a letter.
        room -= size * 0.4;
        var runes = text.EnumerateRunes().ToList();
        while (runes.Count > 0 && Width(string.Concat(runes) + Cut, size) > room)
        {
            runes.RemoveAt(runes.Count - 1);
        }

        return runes.Count > 1 ? string.Concat(runes).TrimEnd() + Cut : "";
    }
}
