using SkiaSharp;

namespace Counter.Gateway.Frames;

/// <summary>Draws text as JPEG, on a background without transparency.</summary>
internal sealed class JpegRenderer(PngRenderer png) : IFrameRenderer
{
    /// <summary>At 90 of 100 the ringing around letters is not seen at their own size.</summary>
    private const int Quality = 90;

    public FrameSize Measure(Look look, string text) => png.Measure(look, text);

    public Frame Render(Look look, string text, bool muted)
    {
        var (size, pixels) = png.Draw(look with { Background = look.OpaqueBackground }, text, muted);
        return Encode(pixels, size);
    }

    /// <summary>Writes pixels without transparency as JPEG.</summary>
    public static unsafe Frame Encode(ReadOnlySpan<Rgba> opaque, FrameSize size)
    {
        fixed (Rgba* memory = opaque)
        {
            using var pixels = new SKPixmap(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Opaque), (nint)memory);
            using var file = pixels.Encode(new SKJpegEncoderOptions(Quality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore))
                ?? throw new InvalidOperationException($"A JPEG of {size.Width} x {size.Height} pixels could not be written.");
            return new Frame(ImageFormat.Jpeg.MediaType, file.ToArray());
        }
    }
}
