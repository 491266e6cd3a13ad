namespace Counter.Gateway.Frames;

/// <summary>Draws every format.</summary>
internal sealed class FrameRenderer : IFrameRenderer, IDisposable
{
    private readonly SvgRenderer svg = new();
    private readonly RasterRenderer raster;

    public FrameRenderer()
    {
        Painter = new TextPainter();
        raster = new RasterRenderer(Painter);
        Notices = new NoticeRenderer(Painter);
    }

    /// <summary>Draws notices with the same fonts.</summary>
    public NoticeRenderer Notices { get; }

    /// <summary>Draws text for others too, so that fonts are loaded once.</summary>
    public TextPainter Painter { get; }

    public FrameSize Measure(Look look, string text) => For(look.Format).Measure(look, text);

    public Frame Render(Look look, string text, bool muted) => For(look.Format).Render(look, text, muted);

    public void Dispose() => Painter.Dispose();

    private IFrameRenderer For(ImageFormat format) => format == ImageFormat.Svg ? svg : raster;
}
