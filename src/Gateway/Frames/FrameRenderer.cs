namespace Counter.Gateway.Frames;

/// <summary>
/// Draws every format with what the machine has. A picture in another format than was asked for is still a picture: an
/// <c>&lt;img&gt;</c> goes by the frame's media type and not by the URL's ending.
/// </summary>
internal sealed class FrameRenderer : IFrameRenderer, IDisposable
{
    private readonly SvgRenderer svg = new();
    private readonly IFrameRenderer png;
    private readonly IFrameRenderer jpeg;

    public FrameRenderer(RasterSupport support)
    {
        png = jpeg = svg;
        if (support.Png)
        {
            Painter = new TextPainter();
            var drawn = new PngRenderer(Painter);
            png = drawn;
            jpeg = support.Jpeg ? new JpegRenderer(drawn) : drawn;
        }

        Notices = new NoticeRenderer(Painter, support.Jpeg);
    }

    /// <summary>Draws notices with the same fonts.</summary>
    public NoticeRenderer Notices { get; }

    /// <summary>Draws text for others too, so that fonts are loaded once; null when PNG cannot be drawn.</summary>
    public TextPainter? Painter { get; }

    public FrameSize Measure(Look look, string text) => For(look.Format).Measure(look, text);

    public Frame Render(Look look, string text, bool muted) => For(look.Format).Render(look, text, muted);

    public void Dispose() => Painter?.Dispose();

    private IFrameRenderer For(ImageFormat format) => format switch
    {
        ImageFormat.Svg => svg,
        ImageFormat.Jpeg => jpeg,
        _ => png,
    };
}
