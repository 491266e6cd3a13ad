using System.Runtime.InteropServices;
using SkiaSharp;

namespace Counter.Gateway.Frames;

/// <summary>A surface to draw on, whose pixels are premultiplied ARGB words of a managed array.</summary>
internal sealed class PixelCanvas : IDisposable
{
    private readonly uint[] words;
    private readonly GCHandle pin;
    private readonly SKSurface surface;

    public PixelCanvas(FrameSize size)
    {
        words = new uint[size.Width * size.Height];
        pin = GCHandle.Alloc(words, GCHandleType.Pinned);
        surface = SKSurface.Create(new SKImageInfo(size.Width, size.Height, SKColorType.Bgra8888, SKAlphaType.Premul), pin.AddrOfPinnedObject(), size.Width * 4);
    }

    /// <summary>What draws on it.</summary>
    public SKCanvas Canvas => surface.Canvas;

    /// <summary>What was drawn.</summary>
    public uint[] Take()
    {
        surface.Flush();
        return words;
    }

    public void Dispose()
    {
        surface.Dispose();
        pin.Free();
    }
}
