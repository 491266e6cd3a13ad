using System.Globalization;
using System.Security;
using System.Text;

namespace Counter.Gateway.Frames;

/// <summary>
/// Writes the text as SVG: the viewer's browser shapes any script with the viewer's fonts. An SVG in an <c>&lt;img&gt;</c>
/// can load nothing, so the fonts are those that most systems have, and the size is an estimate.
/// </summary>
internal sealed class SvgRenderer : IFrameRenderer
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    public FrameSize Measure(CounterStyle look, FrameText text)
    {
        var (width, height) = MeasureInCss(look, CleanText.Of(text.Line));
        return new FrameSize(width * look.Scale, height * look.Scale);
    }

    public Frame Render(CounterStyle look, FrameText text)
    {
        string clean = CleanText.Of(text.Line);
        var (width, height) = MeasureInCss(look, clean);
        int advance = TextEstimate.Advance(clean, look);
        bool rightToLeft = TextEstimate.IsRightToLeft(clean);
        var ink = look.Ink.Covering(text.Muted ? 128 : 255);

        var svg = new StringBuilder();
        svg.Append(Invariant, $"<svg xmlns='http://www.w3.org/2000/svg' width='{width * look.Scale}' height='{height * look.Scale}'")
            .Append(Invariant, $"{(look.Scale > 1 ? $" viewBox='0 0 {width} {height}'" : "")}>");
        if (text.Muted)
        {
            svg.Append("<title>").Append(SecurityElement.Escape($"{clean}: {FrameText.NoLongerLive}")).Append("</title>");
        }

        if (look is { Theme: Theme.Auto, Color: null })
        {
            // A rule is stronger than the text's own fill, which stays for viewers that know no CSS.
            svg.Append(Invariant, $"<style>text{{fill:{CounterStyle.InkForLightPages.Hex}}}@media(prefers-color-scheme:dark)")
                .Append(Invariant, $"{{text{{fill:{CounterStyle.InkForDarkPages.Hex}}}}}</style>");
        }

        if (look.Background.A > 0)
        {
            svg.Append(Invariant, $"<rect width='100%' height='100%' fill='{look.Background.Hex}'{Opacity(look.Background)}/>");
        }

        svg.Append(Invariant, $"<text x='{(rightToLeft ? width - look.Padding : look.Padding)}' y='{Baseline(look, clean)}'")
            .Append(Invariant, $" font-family='{SvgFonts.Of(look.Font)}' font-size='{look.Size}' fill='{ink.Hex}'{Opacity(ink)}")
            .Append(rightToLeft ? " direction='rtl'" : "");
        if (clean.StartsWith(' ') || clean.EndsWith(' ') || clean.Contains("  ", StringComparison.Ordinal))
        {
            svg.Append(" xml:space='preserve'");
        }
        else if (look.Font is null && TextEstimate.IsExact(clean))
        {
            // Where neither font of that width is there, another is stretched instead of leaving a gap or being cut.
            svg.Append(Invariant, $" textLength='{advance}' lengthAdjust='spacingAndGlyphs'");
        }

        svg.Append('>').Append(SecurityElement.Escape(clean)).Append("</text></svg>");
        return new Frame(ImageFormat.Svg.MediaType, Encoding.UTF8.GetBytes(svg.ToString()));
    }

    private static (int Width, int Height) MeasureInCss(CounterStyle look, string text)
    {
        int width = TextEstimate.Advance(text, look) + 2 * look.Padding;
        int line = LineHeight(look, text);
        return (Math.Max(Math.Max(width, look.MinWidth), 1), line + 2 * look.Padding);
    }

    /// <summary>DejaVu Sans is 1.164 of its size high; scripts with tall letters get half the size more than the size.</summary>
    private static int LineHeight(CounterStyle look, string text) => (look.Size * (TextEstimate.IsTall(text) ? 150 : 117) + 50) / 100;

    private static int Baseline(CounterStyle look, string text) =>
        look.Padding + (look.Size * (TextEstimate.IsTall(text) ? 107 : 93) + 50) / 100;

    private static string Opacity(Rgba color) =>
        color.A == 255 ? "" : string.Create(Invariant, $" opacity='{color.A / 255.0:0.##}'");
}
