using System.Collections.Concurrent;
using Counter.Gateway.Frames;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Counter.Gateway.Tests.Frames;

public class FrameRendererTests
{
    private static readonly CounterStyle Default = new(ImageFormat.Png);

    [Fact]
    public void Every_format_matches_its_media_type() => Assert.All(
        new[] { ImageFormat.Png, ImageFormat.Svg, ImageFormat.Jpeg },
        format => Assert.Equal(format.MediaType, Drawing.Raster.Render(Default with { Format = format }, "3", muted: false).ContentType));

    [Fact]
    public void A_JPEG_has_the_measured_size()
    {
        var style = Default with { Format = ImageFormat.Jpeg, Padding = 4 };
        byte[] file = Drawing.Raster.Render(style, "Users online: 3", muted: false).Image.ToArray();
        Assert.Equal([0xFF, 0xD8], file[..2]);
        Assert.Equal([0xFF, 0xD9], file[^2..]);
        int frame = file.AsSpan().IndexOf(stackalloc byte[] { 0xFF, 0xC0 });
        var size = new FrameSize((file[frame + 7] << 8) + file[frame + 8], (file[frame + 5] << 8) + file[frame + 6]);
        Assert.Equal(Drawing.Raster.Measure(style, "Users online: 3"), size);
        Assert.True(file.Length < 4096, $"It has {file.Length} bytes.");
    }

    [Fact]
    public void A_format_without_transparency_has_the_background_of_its_theme()
    {
        Assert.Equal(Rgba.White, Default.OpaqueBackground);
        Assert.Equal("#0d1117", (Default with { Theme = Theme.Dark }).OpaqueBackground.Hex);
        Assert.Equal("#ff0000", (Default with { Theme = Theme.Dark, Background = new Rgba(255, 0, 0) }).OpaqueBackground.Hex);
    }

    [Fact]
    public void Any_accepted_look_can_draw_any_text_that_fits() => Check.QuickThrowOnFailure(
        Prop.ForAll(Arb.From(Looks.Accepted), Arb.From(Looks.Texts), (style, text) =>
            !Drawing.Raster.Measure(style, text).Fits
            || Drawing.Raster.Render(style, text, muted: text.Length % 2 == 0) is { Image.Length: > 0 } frame
                && frame.ContentType == style.Format.MediaType));

    [Fact]
    public void Concurrent_drawings_equal_a_single_one()
    {
        var alone = Enumerable.Range(0, 200).Select(Draw).ToList();
        var together = new ConcurrentDictionary<int, string>();
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 16 }, n => together[n] = Draw(n));
        Assert.All(together, drawn => Assert.Equal(alone[drawn.Key], drawn.Value));
    }

    private static string Draw(int n) =>
        Convert.ToBase64String(Drawing.Raster.Render(Default with { Size = 10 + n % 7 }, $"Users online: {n}", muted: false).Image.Span);
}
