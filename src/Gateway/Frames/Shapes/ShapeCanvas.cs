using SkiaSharp;

namespace Counter.Gateway.Frames.Shapes;

/// <summary>A surface for shapes in an opaque colour. The alpha of a pixel is the share of it that the shapes cover.</summary>
internal sealed class ShapeCanvas : IDisposable
{
    private readonly int scale;
    private readonly TextPainter painter;
    private readonly PixelCanvas pixels;
    private readonly SKPaint fill = new() { IsAntialias = true };
    private readonly SKPaint line = new() { IsAntialias = true, IsStroke = true, StrokeCap = SKStrokeCap.Round, StrokeJoin = SKStrokeJoin.Round };

    public ShapeCanvas(ShapeStyle style, TextPainter painter)
    {
        (scale, this.painter, pixels) = (style.Scale, painter, new PixelCanvas(style.Size));
    }

    public void Draw(Shape shape)
    {
        var canvas = pixels.Canvas;
        switch (shape)
        {
            case Box box:
                canvas.DrawRect(In(box.X), In(box.Y), In(box.Width), In(box.Height), fill);
                break;
            case Pill pill:
                var radius = In(Math.Min(pill.Radius, Math.Min(pill.Width, pill.Height) / 2));
                canvas.DrawRoundRect(In(pill.X), In(pill.Y), In(pill.Width), In(pill.Height), radius, radius, FillOrLine(pill.LineWidth));
                break;
            case Area area:
                fill.IsAntialias = !area.IsRough;
                Trace(area.Corners, fill);
                fill.IsAntialias = true;
                break;
            case Line way:
                Trace(way.Places, FillOrLine(way.Width));
                break;
            case Dot dot:
                canvas.DrawCircle(In(dot.Center.X), In(dot.Center.Y), In(dot.Radius), FillOrLine(dot.RingWidth));
                break;
            case Words text:
                var along = text.Anchor switch { Anchor.Start => 0, Anchor.Middle => 0.5, _ => 1 };
                painter.Draw(canvas, fill, text.Text, text.Font, text.Size * scale, text.At.X * scale, text.At.Y * scale, along);
                break;
        }
    }

    /// <summary>Passes on the coverage of all shapes since the last call, as the alpha of premultiplied ARGB words.</summary>
    public void Take(Action<ReadOnlySpan<uint>> use)
    {
        use(pixels.Take());
        pixels.Canvas.Clear();
    }

    /// <summary>Sets the opaque colour of the next shapes. The coverage of letters depends on their colour.</summary>
    public void Color(Rgba ink) => fill.Color = line.Color = ink.Skia;

    public void Dispose()
    {
        fill.Dispose();
        line.Dispose();
        pixels.Dispose();
    }

    private float In(double length) => (float)(length * scale);

    private SKPaint FillOrLine(double width)
    {
        line.StrokeWidth = In(width);
        return width > 0 ? line : fill;
    }

    private void Trace(IReadOnlyList<Place> places, SKPaint paint)
    {
        using var path = new SKPathBuilder();
        for (var i = 0; i < places.Count; i++)
        {
            var place = new SKPoint(In(places[i].X), In(places[i].Y));
            if (i == 0)
            {
                path.MoveTo(place);
            }
            else
            {
                path.LineTo(place);
            }
        }

        using var whole = path.Detach();
        pixels.Canvas.DrawPath(whole, paint);
    }
}
