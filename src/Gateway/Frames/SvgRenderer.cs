using System.Globalization;
using System.Security;
using System.Text;

namespace Counter.Gateway.Frames;

/// <summary>
/// Writes text as SVG. The viewer's browser shapes any script with the viewer's fonts. An SVG in an <c>&lt;img&gt;</c> can load nothing, so
/// the fonts are those that most systems have, and the size is an estimate.
/// </summary>
internal sealed class SvgRenderer : IFrameRenderer
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    public FrameSize Measure(CounterStyle style, FrameText text)
    {
        var (width, height) = MeasureInCss(style, CleanText.Of(text.Line));
        return new FrameSize(width * style.Scale, height * style.Scale);
    }

    public Frame Render(CounterStyle style, FrameText text)
    {
        string clean = CleanText.Of(text.Line);
        var (width, height) = MeasureInCss(style, clean);
        int advance = TextEstimate.Advance(clean, style);
        bool rightToLeft = TextEstimate.IsRightToLeft(clean);
        var ink = style.Ink.Covering(text.Muted ? 128 : 255);

        var svg = new StringBuilder();
        svg.Append(Invariant, $"<svg xmlns='http://www.w3.org/2000/svg' width='{width * style.Scale}' height='{height * style.Scale}'")
            .Append(Invariant, $"{(style.Scale > 1 ? $" viewBox='0 0 {width} {height}'" : "")}>");
        if (text.Muted)
        {
            svg.Append("<title>").Append(SecurityElement.Escape($"{clean}: {FrameText.NoLongerLive}")).Append("</title>");
        }

        if (style is { Theme: Theme.Auto, Color: null })
        {
            // A CSS rule overrides the fill of the text. The fill stays for viewers without CSS.
            svg.Append(Invariant, $"<style>text{{fill:{CounterStyle.InkForLightPages.Hex}}}@media(prefers-color-scheme:dark)")
                .Append(Invariant, $"{{text{{fill:{CounterStyle.InkForDarkPages.Hex}}}}}</style>");
        }

        if (style.Background.A > 0)
        {
            svg.Append(Invariant, $"<rect width='100%' height='100%' fill='{style.Background.Hex}'{Opacity(style.Background)}/>");
        }

        svg.Append(Invariant, $"<text x='{(rightToLeft ? width - style.Padding : style.Padding)}' y='{Baseline(style, clean)}'")
            .Append(Invariant, $" font-family='{SvgFonts.Of(style.Font)}' font-size='{style.Size}' fill='{ink.Hex}'{Opacity(ink)}")
            .Append(rightToLeft ? " direction='rtl'" : "");
        if (clean.StartsWith(' ') || clean.EndsWith(' ') || clean.Contains("  ", StringComparison.Ordinal))
        {
            svg.Append(" xml:space='preserve'");
        }
        else if (style.Font is null && TextEstimate.IsExact(clean))
        {
            // When neither font of that width is installed, another is stretched. It then leaves no gap and is not cut.
            svg.Append(Invariant, $" textLength='{advance}' lengthAdjust='spacingAndGlyphs'");
        }

        svg.Append('>').Append(SecurityElement.Escape(clean)).Append("</text></svg>");
        return new Frame(ImageFormat.Svg.MediaType, Encoding.UTF8.GetBytes(svg.ToString()));
    }

    private static (int Width, int Height) MeasureInCss(CounterStyle style, string text)
    {
        int width = TextEstimate.Advance(text, style) + 2 * style.Padding;
        int line = LineHeight(style, text);
        return (Math.Max(Math.Max(width, style.MinWidth), 1), line + 2 * style.Padding);
    }

    /// <summary>DejaVu Sans is 1.164 of its size high. Scripts with tall letters get 1.5 times the size.</summary>
    private static int LineHeight(CounterStyle style, string text) => (style.Size * (TextEstimate.IsTall(text) ? 150 : 117) + 50) / 100;

    private static int Baseline(CounterStyle style, string text) =>
        style.Padding + (style.Size * (TextEstimate.IsTall(text) ? 107 : 93) + 50) / 100;

    private static string Opacity(Rgba color) =>
        color.A == 255 ? "" : string.Create(Invariant, $" opacity='{color.A / 255.0:0.##}'");
}
