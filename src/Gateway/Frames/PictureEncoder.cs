using SkiaSharp;

namespace Counter.Gateway.Frames;

/// <summary>Encodes pixels as a file.</summary>
internal static class PictureEncoder
{
    /// <summary>At 90 of 100 the ringing around letters is not visible at their own size.</summary>
    private const int JpegQuality = 90;

    /// <summary>The effort of lossless WebP compression, of 100.</summary>
    private const int WebPEffort = 75;

    /// <summary>Encodes pixels, row by row, as PNG, JPEG or WebP. The pixels of a JPEG have no transparency.</summary>
    /// <exception cref="ArgumentException">The format is SVG.</exception>
    public static Frame Encode(ImageFormat format, ReadOnlySpan<Rgba> pixels, FrameSize size) => new(format.MediaType, format switch
    {
        ImageFormat.Png => PngEncoder.Encode(pixels, size),
        ImageFormat.Jpeg => Encode(pixels, size, SKAlphaType.Opaque, picture =>
            picture.Encode(new SKJpegEncoderOptions(JpegQuality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore))),
        ImageFormat.WebP => Encode(pixels, size, SKAlphaType.Unpremul, picture =>
            picture.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, WebPEffort))),
        _ => throw new ArgumentException("Pixels are PNG, JPEG or WebP.", nameof(format)),
    });

    private static unsafe byte[] Encode(ReadOnlySpan<Rgba> pixels, FrameSize size, SKAlphaType alpha, Func<SKPixmap, SKData?> encode)
    {
        fixed (Rgba* memory = pixels)
        {
            using var picture = new SKPixmap(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, alpha), (nint)memory);
            using var file = encode(picture) ?? throw new InvalidOperationException($"A picture of {size.Width} x {size.Height} pixels could not be encoded.");
            return file.ToArray();
        }
    }
}
