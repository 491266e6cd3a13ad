using Counter.Gateway.Frames.Shapes;

namespace Counter.Gateway.Frames.Styles;

/// <summary>
/// Draws the styles that consist of shapes. Places are whole CSS pixels and come from the embedded font, so a counter is the same in every
/// format and sharp at every scale.
/// </summary>
internal sealed class StyleRenderer(TextPainter painter) : IFrameRenderer
{
    public FrameSize Measure(CounterStyle style, FrameText text)
    {
        var size = Lay(style, text).Size;
        return new FrameSize(size.Width * style.Scale, size.Height * style.Scale);
    }

    public Frame Render(CounterStyle style, FrameText text)
    {
        var layout = Lay(style, text);
        var drawing = new StyleColors
        {
            Width = layout.Size.Width,
            Height = layout.Size.Height,
            Scale = style.Scale,
            Theme = style.Theme,
            Accent = style.Kind == StyleKind.Digits ? null : style.Color,
            Ink = style.Kind == StyleKind.Digits ? style.Color : null,
            Ground = style.Background.A > 0 ? style.Background : null,
            IsQuiet = text.IsZero || text.Muted,
            Opacity = text.Muted ? 128 : 255,
        };
        if (style.Format == ImageFormat.Svg)
        {
            var title = CleanText.Of($"{text.Line} {text.Number}".Trim()) + (text.Muted ? ": " + FrameText.NoLongerLive : "");
            return new Frame(style.Format.MediaType, ShapeSvg.Write(layout.Shapes, drawing, title));
        }

        if (!drawing.Size.Fits)
        {
            throw new ArgumentException($"A picture of {drawing.Size.Width} x {drawing.Size.Height} pixels is too large.", nameof(style));
        }

        var pixels = ShapePixels.Draw(layout.Shapes, drawing, painter);
        var page = (style with { Background = default }).OpaqueBackground;
        return PictureEncoder.Encode(
            style.Format, style.Format.HasTransparency ? pixels : Array.ConvertAll(pixels, pixel => pixel.Over(page)), drawing.Size);
    }

    private StyleLayout Lay(CounterStyle style, FrameText text)
    {
        var layout = new StyleLayout(style, painter);
        var (label, number) = (CleanText.Of(text.Line), CleanText.Of(text.Number));
        switch (style.Kind)
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
                throw new ArgumentOutOfRangeException(nameof(style), style.Kind, "The style text has no shapes.");
        }

        return layout;
    }
}
