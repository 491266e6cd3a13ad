using Counter.Gateway.Frames.Shapes;

namespace Counter.Gateway.Frames.Styles;

/// <summary>A dot, the number and the label on a round ground. The dot is a ring when the number is zero or not live.</summary>
internal static class PillCounter
{
    /// <summary>The opacity of the glow around the dot.</summary>
    private const int Glow = 64;

    public static void Lay(StyleLayout layout, string label, string number, bool isLive)
    {
        var height = layout.At(24);
        var (edge, dot, gap, space) = (layout.At(10), layout.At(4), layout.At(7), layout.At(5));
        var middle = new Place(edge + dot, height / 2.0);
        var from = edge + (2 * dot) + gap;
        var to = from + layout.WidthOf(number);
        var labelFrom = to + space;
        var end = label.Length == 0 ? to : labelFrom + layout.WidthOf(label);
        var width = Math.Max(end + edge + layout.At(2), layout.LeastWidth);

        layout.Add(new Pill(ColorRole.Paper, 0, 0, width, height, height / 2.0));
        layout.Add(new Pill(ColorRole.Outline, 0.5, 0.5, width - 1, height - 1, (height - 1) / 2.0, LineWidth: 1));
        if (isLive)
        {
            layout.Add(new Dot(ColorRole.Accent, middle, dot + layout.At(3)) { Cover = Glow });
            layout.Add(new Dot(ColorRole.Accent, middle, dot));
        }
        else
        {
            var line = Math.Max(1, dot / 2.0);
            layout.Add(new Dot(ColorRole.Accent, middle, dot - (line / 2), line));
        }

        layout.Add(ColorRole.PaperText, number, from, to, height);
        layout.Add(ColorRole.PaperText, label, labelFrom, end, height);
        layout.End(width, height, TextEstimate.IsRightToLeft(label));
    }
}
