using Counter.Gateway.Frames;

namespace Counter.Gateway.Tests.Frames;

/// <summary>The renderers, shared by the tests, because each painter loads the fonts.</summary>
internal static class Drawing
{
    public static SvgRenderer Svg { get; } = new();

    /// <summary>Draws every format.</summary>
    public static FrameRenderer Raster { get; } = new();

    public static PngPicture Png(CounterStyle style, string text, bool muted = false) =>
        PngPicture.Decode(Raster.Render(style with { Format = ImageFormat.Png }, text, muted).Image.Span);

    /// <summary>Draws a line of text.</summary>
    public static Frame Render(this IFrameRenderer renderer, CounterStyle style, string text, bool muted) => renderer.Render(style, new FrameText(text, muted));

    /// <summary>Measures a line of text.</summary>
    public static FrameSize Measure(this IFrameRenderer renderer, CounterStyle style, string text) => renderer.Measure(style, new FrameText(text));
}
