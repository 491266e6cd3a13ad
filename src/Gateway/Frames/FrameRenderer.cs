using Counter.Gateway.Frames.Styles;

namespace Counter.Gateway.Frames;

/// <summary>Draws all styles in all formats.</summary>
internal sealed class FrameRenderer : IFrameRenderer, IDisposable
{
    private readonly SvgRenderer svg = new();
    private readonly RasterRenderer raster;
    private readonly StyleRenderer styled;

    public FrameRenderer()
    {
        Painter = new TextPainter();
        raster = new RasterRenderer(Painter);
        styled = new StyleRenderer(Painter);
        Notices = new NoticeRenderer(Painter);
    }

    /// <summary>Draws notices with the same fonts.</summary>
    public NoticeRenderer Notices { get; }

    /// <summary>Draws text for other renderers too, so that fonts are loaded once.</summary>
    public TextPainter Painter { get; }

    public FrameSize Measure(CounterStyle style, FrameText text) => For(style).Measure(style, text);

    public Frame Render(CounterStyle style, FrameText text) => For(style).Render(style, text);

    public void Dispose() => Painter.Dispose();

    private IFrameRenderer For(CounterStyle style) => style.Kind != StyleKind.Text ? styled : style.Format == ImageFormat.Svg ? svg : raster;
}
