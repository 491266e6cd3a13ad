using Counter.Gateway.Frames.Shapes;

namespace Counter.Gateway.Frames.Styles;

/// <summary>
/// Draws the styles that are made of shapes. Places are whole CSS pixels and come from the font that is part of the program, so a counter is the
/// same in every format and sharp at every scale.
/// </summary>
internal sealed class StyleRenderer(TextPainter painter) : IFrameRenderer
{
    public FrameSize Measure(CounterStyle look, FrameText text)
    {
        var size = Lay(look, text).Size;
        return new FrameSize(size.Width * look.Scale, size.Height * look.Scale);
    }

    public Frame Render(CounterStyle look, FrameText text)
    {
        var layout = Lay(look, text);
        var drawing = new StyleColors
        {
            Width = layout.Size.Width,
            Height = layout.Size.Height,
            Scale = look.Scale,
            Theme = look.Theme,
            Accent = look.Style == StyleKind.Digits ? null : look.Color,
            Ink = look.Style == StyleKind.Digits ? look.Color : null,
            Ground = look.Background.A > 0 ? look.Background : null,
            IsQuiet = text.IsZero || text.Muted,
            Opacity = text.Muted ? 128 : 255,
        };
        if (look.Format == ImageFormat.Svg)
        {
            var title = CleanText.Of($"{text.Line} {text.Number}".Trim()) + (text.Muted ? ": " + FrameText.NoLongerLive : "");
            return new Frame(look.Format.MediaType, ShapeSvg.Write(layout.Shapes, drawing, title));
        }

        if (!drawing.Size.Fits)
        {
            throw new ArgumentException($"A picture of {drawing.Size.Width} x {drawing.Size.Height} pixels is too large.", nameof(look));
        }

        var pixels = ShapePixels.Draw(layout.Shapes, drawing, painter);
        var page = (look with { Background = default }).OpaqueBackground;
        return PictureEncoder.Encode(
            look.Format, look.Format.HasTransparency ? pixels : Array.ConvertAll(pixels, pixel => pixel.Over(page)), drawing.Size);
    }

    private StyleLayout Lay(CounterStyle look, FrameText text)
    {
        var layout = new StyleLayout(look, painter);
        var (label, number) = (CleanText.Of(text.Line), CleanText.Of(text.Number));
        switch (look.Style)
        {
            case StyleKind.Badge or StyleKind.Flat:
                Badge.Lay(layout, label, number);
                break;
            case StyleKind.Pill:
                PillCounter.Lay(layout, label, number, isLive: !text.IsZero && !text.Muted);
                break;
            case StyleKind.Digits:
                Odometer.Lay(layout, label, number);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(look), look.Style, "Text is not made of shapes.");
        }

        return layout;
    }
}
