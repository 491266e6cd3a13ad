using System.Runtime.InteropServices;
using SkiaSharp;

namespace Counter.Gateway.Frames;

/// <summary>A surface to draw on. Its pixels are premultiplied ARGB words in a managed array.</summary>
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

    /// <summary>Draws on the surface.</summary>
    public SKCanvas Canvas => surface.Canvas;

    /// <summary>Returns the pixels as drawn so far.</summary>
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
