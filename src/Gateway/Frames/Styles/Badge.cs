using Counter.Gateway.Frames.Shapes;

namespace Counter.Gateway.Frames.Styles;

/// <summary>Two parts side by side: the label, and the number on the accent.</summary>
internal static class Badge
{
    public static void Lay(StyleLayout layout, string label, string number)
    {
        var (height, pad) = (layout.At(20), layout.At(6));
        var radius = layout.Style.Kind == StyleKind.Flat ? 0 : layout.At(3);
        var left = label.Length == 0 ? 0 : layout.WidthOf(label) + (2 * pad);
        var width = Math.Max(left + layout.WidthOf(number) + (2 * pad), layout.LeastWidth);
        if (left > 0)
        {
            layout.Add(new Pill(ColorRole.Plate, 0, 0, left, height, radius));
            if (radius > 0)
            {
                layout.Add(new Box(ColorRole.Plate, left - radius, 0, radius, height));
            }
        }

        layout.Add(new Pill(ColorRole.Accent, left, 0, width - left, height, radius));
        if (left > 0 && radius > 0)
        {
            layout.Add(new Box(ColorRole.Accent, left, 0, radius, height));
        }

        layout.Add(ColorRole.PlateText, label, 0, left, height);
        layout.Add(ColorRole.AccentText, number, left, width, height);
        layout.End(width, height, TextEstimate.IsRightToLeft(label));
    }
}
