namespace Counter.Gateway.Frames;

/// <summary>Draws every format.</summary>
internal sealed class FrameRenderer : IFrameRenderer, IDisposable
{
    private readonly SvgRenderer svg = new();
    private readonly PngRenderer png;
    private readonly JpegRenderer jpeg;

    public FrameRenderer()
    {
        Painter = new TextPainter();
        png = new PngRenderer(Painter);
        jpeg = new JpegRenderer(png);
        Notices = new NoticeRenderer(Painter);
    }

    /// <summary>Draws notices with the same fonts.</summary>
    public NoticeRenderer Notices { get; }

    /// <summary>Draws text for others too, so that fonts are loaded once.</summary>
    public TextPainter Painter { get; }

    public FrameSize Measure(Look look, string text) => For(look.Format).Measure(look, text);

    public Frame Render(Look look, string text, bool muted) => For(look.Format).Render(look, text, muted);

    public void Dispose() => Painter.Dispose();

    private IFrameRenderer For(ImageFormat format) => format switch
    {
        ImageFormat.Svg => svg,
        ImageFormat.Jpeg => jpeg,
        _ => png,
    };
}
