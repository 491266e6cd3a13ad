using Counter.Gateway.Frames.Shapes;

namespace Counter.Gateway.Frames.Styles;

/// <summary>A wheel for each digit, with the label before or after. Short numbers get leading zeros, as on old pages.</summary>
internal static class Odometer
{
    private const int LeastWheels = 4;

    /// <summary>The opacity of a leading zero.</summary>
    private const int Unused = 120;

    public static void Lay(StyleLayout layout, string label, string number)
    {
        // Wheels show digits without separators. The mark of a number that is not live is before the wheels.
        var style = layout.Style;
        var isLive = !number.StartsWith('~');
        var digits = style.Short ? number.TrimStart('~') : string.Concat(number.Where(char.IsDigit));
        var zeros = Math.Max(0, LeastWheels - digits.Length);
        var zero = NumberText.Full(0, style.Locale);
        var wheels = string.Concat(Enumerable.Repeat(zero, zeros)) + digits;

        var height = layout.At(30);
        var (wheel, gap, space, radius) = (layout.WidthOf("0") + layout.At(6), layout.At(2), layout.At(8), layout.At(4));
        var isMirrored = TextEstimate.IsRightToLeft(label);
        var mark = isLive ? "" : "~";
        var labelWidth = layout.WidthOf(label);
        var marked = layout.WidthOf(mark);
        var isAfter = style.Label.TrimStart().StartsWith(CounterStyle.NumberPlace, StringComparison.Ordinal);
        var all = (wheels.Length * (wheel + gap)) - gap;
        var block = (marked > 0 ? marked + gap : 0) + all;
        var labelRoom = labelWidth > 0 ? labelWidth + space : 0;

        // Wheels are read from left to right in any language. The side of the label depends on its direction.
        var isLabelLeft = isAfter == isMirrored;
        var x = isLabelLeft ? labelRoom : 0;
        var width = Math.Max(labelRoom + block, layout.LeastWidth);
        var labelFrom = isLabelLeft ? 0 : block + space;
        layout.Add(ColorRole.Text, label, labelFrom, labelFrom + labelWidth, height);
        layout.Add(ColorRole.Text, mark, x, x + marked, height);
        x += block - all;
        for (var i = 0; i < wheels.Length; i++)
        {
            layout.Add(new Pill(ColorRole.Wheel, x + (i * (wheel + gap)), 0, wheel, height, radius));
        }

        for (var i = 0; i < wheels.Length; i++)
        {
            layout.Add(new Box(ColorRole.Sheen, x + (i * (wheel + gap)) + 1, layout.At(3), wheel - 2, (height / 2) - layout.At(3)));
        }

        for (var i = 0; i < wheels.Length; i++)
        {
            var left = x + (i * (wheel + gap));
            layout.Add(ColorRole.PlateText, wheels[i].ToString(), left, left + wheel, height, i < zeros ? Unused : 255);
        }

        layout.End(width, height, isMirrored: false);
    }
}
