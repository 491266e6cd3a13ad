using Counter.Gateway.Frames;
using Xunit;

namespace Counter.Gateway.Tests.Frames;

/// <summary>The renderers of this machine, shared by the tests: each painter loads the fonts anew.</summary>
internal static class Drawing
{
    private static readonly RasterSupport Support = RasterSupport.Probe();
    private static readonly FrameRenderer Shared = new(Support);

    public static SvgRenderer Svg { get; } = new();

    /// <summary>Draws every format; skips the test where PNG and JPEG cannot be drawn.</summary>
    public static FrameRenderer Raster
    {
        get
        {
            Assert.SkipUnless(Support.Jpeg, Support.Advice ?? "");
            return Shared;
        }
    }

    public static PngPicture Png(Look look, string text, bool muted = false) =>
        PngPicture.Decode(Raster.Render(look with { Format = ImageFormat.Png }, text, muted).Image.Span);
}
