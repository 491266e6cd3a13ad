using Counter.Gateway.Frames;
using Counter.Gateway.Relay.Pictures;
using Xunit;

namespace Counter.Gateway.Tests.Frames;

/// <summary>Notices that replace pictures.</summary>
public sealed class NoticeRendererTests
{
    private const string Text = "The camera is switched off for the night. It is back at seven in the morning.";

    [Theory]
    [InlineData(640, 480)]
    [InlineData(1920, 1080)]
    [InlineData(160, 120)]
    [InlineData(100, 600)]
    [InlineData(4000, 40)]
    [InlineData(1, 1)]
    public void A_notice_has_the_size_of_the_picture_that_it_replaces(int width, int height)
    {
        foreach (var format in new[] { ImageFormat.Jpeg, ImageFormat.Png })
        {
            var frame = Drawing.Raster.Notices.Render(format, Text, new FrameSize(width, height));
            Assert.True(Picture.TryRead(frame.Image.Span, out var picture, out _));
            Assert.Equal(new Picture(format.MediaType, new FrameSize(width, height), frame.Image.Length), picture);
        }
    }

    [Fact]
    public void The_largest_notice_keeps_the_aspect_ratio()
    {
        var frame = Drawing.Raster.Notices.Render(ImageFormat.Png, Text, new FrameSize(8192, 4096));
        Assert.True(Picture.TryRead(frame.Image.Span, out var picture, out _));
        Assert.Equal(2.0, (double)picture.Size.Width / picture.Size.Height, 0.01);
    }

    [Fact]
    public void The_text_is_large_and_does_not_touch_the_edge()
    {
        var picture = PngPicture.Decode(Drawing.Raster.Notices.Render(ImageFormat.Png, Text, new FrameSize(640, 480)).Image.Span);
        var ground = picture.Pixels[0];
        var written = Enumerable.Range(0, picture.Pixels.Count).Where(i => picture.Pixels[i] != ground).ToList();
        Assert.InRange(written.Min(i => i % 640), 10, 120);
        Assert.InRange(written.Max(i => i % 640), 520, 630);
        Assert.InRange(written.Min(i => i / 640), 20, 230);
        Assert.InRange(written.Max(i => i / 640), 250, 460);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\u0000\uD800<b>&")]
    [InlineData("😀 مرحبا")]
    public void Any_text_can_be_drawn(string text) =>
        Assert.NotEqual(0, Drawing.Raster.Notices.Render(ImageFormat.Jpeg, text, new FrameSize(320, 240)).Image.Length);

    [Fact]
    public void A_very_long_word_does_no_harm() =>
        Assert.NotEqual(0, Drawing.Raster.Notices.Render(ImageFormat.Png, new string('W', 5000), new FrameSize(320, 240)).Image.Length);
}
