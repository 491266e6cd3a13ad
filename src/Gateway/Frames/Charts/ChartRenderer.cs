using Counter.Gateway.Frames.Shapes;

namespace Counter.Gateway.Frames.Charts;

/// <summary>Draws charts. Knows nothing of what they are about; callers may be on any thread.</summary>
/// <param name="painter">Draws the text in PNG.</param>
internal sealed class ChartRenderer(TextPainter painter)
{
    /// <summary>Draws a chart as PNG or SVG.</summary>
    /// <exception cref="ArgumentException">The look is not one that fits (<see cref="ChartStyle.Fits"/>), or the format is JPEG.</exception>
    public Frame Render(Chart chart, ChartStyle look, ImageFormat format)
    {
        if (!look.Fits)
        {
            throw new ArgumentException($"A chart of {look.Width} x {look.Height} at scale {look.Scale} cannot be drawn.", nameof(look));
        }

        return Render(ChartLayout.Draw(chart, look), look, format, (look.Label ?? chart.Title) + (chart.Live ? "" : ": " + FrameText.NoLongerLive));
    }

    /// <summary>Draws shapes as PNG or SVG.</summary>
    /// <param name="shapes">What, from back to front.</param>
    /// <param name="look">The size and the colours.</param>
    /// <param name="format">PNG or SVG.</param>
    /// <param name="title">What it is, for those who do not see it; in SVG only.</param>
    /// <exception cref="ArgumentException">The format is JPEG.</exception>
    public Frame Render(IReadOnlyList<Shape> shapes, ChartStyle look, ImageFormat format, string title) => format switch
    {
        ImageFormat.Png => PictureEncoder.Encode(format, ShapePixels.Draw(shapes, look, painter), look.Size),
        ImageFormat.Svg => new Frame(ImageFormat.Svg.MediaType, ShapeSvg.Write(shapes, look, CleanText.Of(title))),
        _ => throw new ArgumentException("Charts are PNG or SVG.", nameof(format)),
    };
}
