using System.Runtime.InteropServices;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Charts;

/// <summary>A surface on which shapes are drawn in white, so that what is left is how much of each pixel they cover.</summary>
internal sealed class ChartCanvas : IDisposable
{
    private readonly int scale;
    private readonly TextPainter painter;
    private readonly uint[] words;
    private readonly GCHandle pin;
    private readonly nint surface;
    private readonly nint cairo;

    public unsafe ChartCanvas(ChartLook look, TextPainter painter)
    {
        var size = look.Size;
        (scale, this.painter) = (look.Scale, painter);
        words = new uint[size.Width * size.Height];
        pin = GCHandle.Alloc(words, GCHandleType.Pinned);
        surface = Native.NewSurface((uint*)pin.AddrOfPinnedObject(), Native.CairoArgb32, size.Width, size.Height, size.Width * 4);
        cairo = Native.NewCairo(surface);
        Native.SetColor(cairo, 1, 1, 1);
        Native.SetLineJoin(cairo, Native.CairoRound);
        Native.SetLineCap(cairo, Native.CairoRound);
    }

    public void Draw(ChartShape shape)
    {
        switch (shape)
        {
            case Box box:
                Native.AddRectangle(cairo, box.X * scale, box.Y * scale, box.Width * scale, box.Height * scale);
                Native.Fill(cairo);
                break;
            case Pill pill:
                TracePill(pill);
                if (pill.LineWidth > 0)
                {
                    Stroke(pill.LineWidth);
                }
                else
                {
                    Native.Fill(cairo);
                }

                break;
            case Area area:
                Native.SetShapeAntialias(cairo, area.IsRough ? Native.CairoAntialiasNone : Native.CairoAntialiasGray);
                Trace(area.Corners);
                Native.Fill(cairo);
                Native.SetShapeAntialias(cairo, Native.CairoAntialiasGray);
                break;
            case Line line:
                Trace(line.Places);
                Stroke(line.Width);
                break;
            case Dot dot:
                Native.NewPath(cairo);
                Native.AddArc(cairo, dot.Center.X * scale, dot.Center.Y * scale, dot.Radius * scale, 0, 2 * Math.PI);
                if (dot.RingWidth > 0)
                {
                    Stroke(dot.RingWidth);
                }
                else
                {
                    Native.Fill(cairo);
                }

                break;
            case Words text:
                var along = text.Anchor switch { Anchor.Start => 0, Anchor.Middle => 0.5, _ => 1 };
                painter.Draw(cairo, text.Text, text.Size * scale, text.At.X * scale, text.At.Y * scale, along);
                break;
        }
    }

    /// <summary>Hands over the coverage of all that was drawn since the last time, as the alpha of premultiplied ARGB words.</summary>
    /// <exception cref="InvalidOperationException">Cairo failed.</exception>
    public void Take(Action<ReadOnlySpan<uint>> use)
    {
        Native.FlushSurface(surface);
        if (Native.Status(cairo) is var status and not 0)
        {
            throw new InvalidOperationException($"Cairo could not draw a chart (status {status}).");
        }

        use(words);
        Array.Clear(words);
        Native.SurfaceChanged(surface);
    }

    public void Dispose()
    {
        Native.FreeCairo(cairo);
        Native.FreeSurface(surface);
        pin.Free();
    }

    /// <summary>Draws with a colour from now on, instead of white.</summary>
    public void Color(Rgba ink) => Native.SetColor(cairo, ink.R / 255.0, ink.G / 255.0, ink.B / 255.0);

    private void TracePill(Pill pill)
    {
        var radius = Math.Min(pill.Radius, Math.Min(pill.Width, pill.Height) / 2) * scale;
        var (left, top) = (pill.X * scale, pill.Y * scale);
        var (right, bottom) = (left + (pill.Width * scale), top + (pill.Height * scale));
        const double Quarter = Math.PI / 2;
        Native.NewPath(cairo);
        Native.AddArc(cairo, right - radius, top + radius, radius, -Quarter, 0);
        Native.AddArc(cairo, right - radius, bottom - radius, radius, 0, Quarter);
        Native.AddArc(cairo, left + radius, bottom - radius, radius, Quarter, 2 * Quarter);
        Native.AddArc(cairo, left + radius, top + radius, radius, 2 * Quarter, 3 * Quarter);

        // The path goes on from arc to arc; the last side is drawn back to where the first arc began.
        Native.LineTo(cairo, right - radius, top);
    }

    private void Trace(IReadOnlyList<Place> places)
    {
        Native.NewPath(cairo);
        foreach (var place in places)
        {
            // The first of a new path is a move.
            Native.LineTo(cairo, place.X * scale, place.Y * scale);
        }
    }

    private void Stroke(double width)
    {
        Native.SetLineWidth(cairo, width * scale);
        Native.Stroke(cairo);
    }
}
