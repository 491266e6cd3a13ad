using System.Globalization;
using System.Security;
using System.Text;

namespace Counter.Gateway.Frames.Shapes;

/// <summary>Writes shapes as SVG: sharp on every screen, in the viewer's fonts.</summary>
internal static class ShapeSvg
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    public static byte[] Write(IReadOnlyList<Shape> shapes, ShapeStyle style, string title)
    {
        var svg = new StringBuilder();
        svg.Append(Invariant, $"<svg xmlns='http://www.w3.org/2000/svg' width='{style.Width * style.Scale}' height='{style.Height * style.Scale}'")
            .Append(Invariant, $" viewBox='0 0 {style.Width} {style.Height}' fill='currentColor' font-family='{SvgFonts.Usual}'{Opacity("opacity", style.Opacity)}>")
            .Append("<title>").Append(SecurityElement.Escape(title)).Append("</title>");
        var roles = shapes.Select(shape => shape.Role).Distinct().ToList();
        if (style.Theme == Theme.Auto)
        {
            // A CSS rule overrides the attribute. The attribute stays for viewers without CSS.
            svg.Append("<style>").Append(Rules(Theme.Light)).Append("@media(prefers-color-scheme:dark){").Append(Rules(Theme.Dark)).Append("}</style>");
        }

        if (style.Background.A > 0)
        {
            svg.Append(Invariant, $"<rect width='100%' height='100%' fill='{style.Background.Hex}'{Opacity("fill-opacity", style.Background.A)}/>");
        }

        (ColorRole, int)? group = null;
        foreach (var shape in shapes)
        {
            if (group != (shape.Role, shape.Cover))
            {
                var color = style.ColorOf(shape.Role).Covering(shape.Cover);
                svg.Append(group is null ? "" : "</g>")
                    .Append(Invariant, $"<g class='{Class(shape.Role)}' color='{color.Hex}'{Opacity("opacity", color.A)}>");
                group = (shape.Role, shape.Cover);
            }

            Append(svg, shape);
        }

        return Encoding.UTF8.GetBytes(svg.Append(group is null ? "" : "</g>").Append("</svg>").ToString());

        string Rules(Theme theme) =>
            string.Concat(roles.Select(role => $".{Class(role)}{{color:{style.ColorOf(role, theme).Hex}}}"));
    }

    private static void Append(StringBuilder svg, Shape shape)
    {
        switch (shape)
        {
            case Box box:
                svg.Append(Invariant, $"<path d='M{box.X:0.##} {box.Y:0.##}h{box.Width:0.##}v{box.Height:0.##}h{-box.Width:0.##}z'/>");
                break;
            case Pill pill:
                svg.Append(Invariant, $"<rect x='{pill.X:0.##}' y='{pill.Y:0.##}' width='{pill.Width:0.##}' height='{pill.Height:0.##}' rx='{pill.Radius:0.##}'")
                    .Append(Invariant, $"{(pill.LineWidth > 0 ? $" fill='none' stroke='currentColor' stroke-width='{pill.LineWidth:0.##}'" : "")}/>");
                break;
            case Area area:
                svg.Append("<path d='").Append(SvgPath.Of(area.Corners)).Append("z'/>");
                break;
            case Line line:
                svg.Append("<path d='").Append(SvgPath.Of(line.Places))
                    .Append(Invariant, $"' fill='none' stroke='currentColor' stroke-width='{line.Width:0.##}' stroke-linejoin='round' stroke-linecap='round'/>");
                break;
            case Dot dot:
                svg.Append(Invariant, $"<circle cx='{dot.Center.X:0.#}' cy='{dot.Center.Y:0.#}' r='{dot.Radius:0.##}'")
                    .Append(Invariant, $"{(dot.RingWidth > 0 ? $" fill='none' stroke='currentColor' stroke-width='{dot.RingWidth:0.##}'" : "")}/>");
                break;
            case Words words:
                svg.Append(Invariant, $"<text x='{words.At.X:0.#}' y='{words.At.Y:0.#}' font-size='{words.Size}'")
                    .Append(words.Font is null ? "" : $" font-family='{SvgFonts.Of(words.Font)}'")
                    .Append(Invariant, $"{(words.Width is { } width ? $" textLength='{width}' lengthAdjust='spacingAndGlyphs'" : "")}")
                    .Append(Direction(words))
                    .Append('>').Append(words.IsColorful ? Colorful(words.Text) : SecurityElement.Escape(words.Text)).Append("</text>");
                break;
        }
    }

    /// <summary>Gives each emoji a font of its own. Fonts for text have some emoji without colours, and fonts for emoji have digits.</summary>
    private static string Colorful(string text) => string.Concat(Emoji.Letters(text).Select(letter => Emoji.Is(letter)
        ? $"<tspan font-family='Apple Color Emoji,Segoe UI Emoji,Noto Color Emoji,sans-serif'>{SecurityElement.Escape(letter)}</tspan>"
        : SecurityElement.Escape(letter)));

    /// <summary>Writes the anchor and the direction. Text that is read from right to left starts on the right.</summary>
    private static string Direction(Words words) => (words.Anchor, TextEstimate.IsRightToLeft(words.Text)) switch
    {
        (Anchor.Middle, false) => " text-anchor='middle'",
        (Anchor.Middle, true) => " text-anchor='middle' direction='rtl'",
        (Anchor.Start, true) => " text-anchor='end' direction='rtl'",
        (Anchor.End, true) => " direction='rtl'",
        (Anchor.End, false) => " text-anchor='end'",
        _ => "",
    };

    private static char Class(ColorRole role) => (char)('a' + (int)role);

    private static string Opacity(string name, int alpha) =>
        alpha == 255 ? "" : string.Create(Invariant, $" {name}='{alpha / 255.0:0.###}'");
}
