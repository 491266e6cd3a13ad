using SkiaSharp;

namespace Counter.Gateway.Frames.Shapes;

/// <summary>A surface on which shapes are drawn in an opaque colour, so that the alpha is how much of each pixel they cover.</summary>
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

    /// <summary>Hands over the coverage of all that was drawn since the last time, as the alpha of premultiplied ARGB words.</summary>
    public void Take(Action<ReadOnlySpan<uint>> use)
    {
        use(pixels.Take());
        pixels.Canvas.Clear();
    }

    /// <summary>Draws with an opaque colour from now on. Letters cover more or less of a pixel in another one.</summary>
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
