namespace Counter.Gateway.Frames;

/// <summary>Draws text as JPEG: the picture as PNG without transparency, which GD then writes anew.</summary>
internal sealed class JpegRenderer(PngRenderer png) : IFrameRenderer
{
    /// <summary>At 90 of 100 the ringing around letters is not seen at their own size.</summary>
    private const int Quality = 90;

    public FrameSize Measure(Look look, string text) => png.Measure(look, text);

    public Frame Render(Look look, string text, bool muted)
    {
        return FromPng(png.Render(look with { Background = look.OpaqueBackground }, text, muted).Image);
    }

    /// <summary>Writes a PNG without transparency anew.</summary>
    public static Frame FromPng(ReadOnlyMemory<byte> opaque)
    {
        nint image = Native.GdFromPng(opaque.Length, opaque.Span);
        if (image == 0)
        {
            throw new InvalidOperationException("GD could not read a PNG; it may be built without PNG support.");
        }

        nint file = 0;
        try
        {
            file = Native.GdToJpeg(image, out int size, Quality);
            if (file == 0)
            {
                throw new InvalidOperationException("GD could not write a JPEG; it may be built without JPEG support.");
            }

            return new Frame(ImageFormat.Jpeg.MediaType, Copy(file, size));
        }
        finally
        {
            Native.GdDestroy(image);
            if (file != 0)
            {
                Native.GdFree(file);
            }
        }
    }

    private static unsafe byte[] Copy(nint memory, int size) => new ReadOnlySpan<byte>((void*)memory, size).ToArray();
}
