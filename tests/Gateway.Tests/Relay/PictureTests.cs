using Counter.Gateway.Frames;
using Counter.Gateway.Relay.Pictures;
using Counter.Gateway.Tests.Frames;
using Xunit;

namespace Counter.Gateway.Tests.Relay;

/// <summary>The validation of picture files.</summary>
public sealed class PictureTests
{
    private static readonly byte[] Jpeg = Draw(ImageFormat.Jpeg);
    private static readonly byte[] Png = Draw(ImageFormat.Png);

    [Fact]
    public void Valid_pictures_are_recognised_with_their_size()
    {
        var size = Drawing.Raster.Measure(new CounterStyle(ImageFormat.Png), "A picture");
        Assert.True(Picture.TryRead(Jpeg, out var jpeg, out _));
        Assert.Equal(new Picture("image/jpeg", size, Jpeg.Length), jpeg);
        Assert.True(Picture.TryRead(Png, out var png, out _));
        Assert.Equal(new Picture("image/png", size, Png.Length), png);
    }

    [Fact]
    public void A_truncated_picture_is_refused()
    {
        foreach (var file in new[] { Jpeg, Png })
        {
            for (var length = 0; length < file.Length; length++)
            {
                Assert.NotNull(ProblemOf(file[..length]));
            }
        }
    }

    [Fact]
    public void A_PNG_with_a_wrong_byte_is_refused()
    {
        for (var i = 0; i < Png.Length; i++)
        {
            var file = Png.ToArray();
            file[i] ^= 0x10;
            Assert.NotNull(ProblemOf(file));
        }
    }

    [Fact]
    public void No_bytes_cause_an_exception()
    {
        var random = new Random(1);
        for (var run = 0; run < 20_000; run++)
        {
            var file = (run % 2 == 0 ? Jpeg : Png).ToArray();
            for (var change = 0; change < 4; change++)
            {
                file[random.Next(file.Length)] = (byte)(random.Next(3) == 0 ? 0xFF : random.Next(256));
            }

            _ = Picture.TryRead(file.AsSpan(0, random.Next(file.Length + 1)), out _, out _);
        }
    }

    [Theory]
    [InlineData(8193, 10)]
    [InlineData(10, 8193)]
    [InlineData(0, 10)]
    [InlineData(10, 0)]
    public void A_JPEG_of_an_invalid_size_is_refused(int width, int height) => Assert.NotNull(ProblemOf(Resized(width, height)));

    [Fact]
    public void The_largest_JPEG_is_accepted() => Assert.Null(ProblemOf(Resized(8192, 8192)));

    [Theory]
    [InlineData(0xC3)]
    [InlineData(0xC9)]
    [InlineData(0xCF)]
    public void JPEGs_that_browsers_cannot_show_are_refused(byte kind)
    {
        var file = Jpeg.ToArray();
        file[FrameHeader + 1] = kind;
        Assert.Contains("browsers do not show", ProblemOf(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_after_the_end_of_a_picture_are_removed()
    {
        byte[][] tails = [[0, 0, 0, 0], "\r\n"u8.ToArray(), [0xFF], [0xFF, 0xD9], Jpeg, "<script>"u8.ToArray()];
        foreach (var picture in new[] { Jpeg, Png })
        {
            foreach (var tail in tails)
            {
                Assert.Equal(picture, Picture.Check([.. picture, .. tail]).Image);
            }
        }
    }

    [Fact]
    public void A_JPEG_without_its_scan_or_without_its_frame_header_is_refused()
    {
        var scan = Jpeg.AsSpan().IndexOf((byte[])[0xFF, 0xDA]);
        Assert.Contains("SOS", ProblemOf([.. Jpeg[..scan], 0xFF, 0xD9]), StringComparison.Ordinal);
        var length = Jpeg[FrameHeader + 2] * 256 + Jpeg[FrameHeader + 3] + 2;
        Assert.Contains("SOF", ProblemOf([.. Jpeg[..FrameHeader], .. Jpeg[(FrameHeader + length)..]]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GIF89a")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\"/>")]
    [InlineData("RIFF....WEBP")]
    [InlineData("\u00ff\u00d8\u00ff\u00d9")]
    public void Other_bytes_are_refused(string bytes) => Assert.NotNull(ProblemOf(System.Text.Encoding.Latin1.GetBytes(bytes)));

    private static int FrameHeader => Jpeg.AsSpan().IndexOf((byte[])[0xFF, 0xC0]);

    private static byte[] Draw(ImageFormat format) =>
        Drawing.Raster.Render(new CounterStyle(format) { Background = Rgba.White }, "A picture", muted: false).Image.ToArray();

    private static byte[] Resized(int width, int height)
    {
        var file = Jpeg.ToArray();
        (file[FrameHeader + 5], file[FrameHeader + 6]) = ((byte)(height >> 8), (byte)(height & 255));
        (file[FrameHeader + 7], file[FrameHeader + 8]) = ((byte)(width >> 8), (byte)(width & 255));
        return file;
    }

    private static string? ProblemOf(byte[] file) => Picture.TryRead(file, out _, out var problem) ? null : problem;
}
