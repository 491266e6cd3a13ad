using Counter.Gateway.Frames;

namespace Counter.Gateway.Charts;

/// <summary>Draws charts. Knows nothing of what they are about; callers may be on any thread.</summary>
/// <param name="painter">Draws the text in PNG; without it, SVG stands in for PNG.</param>
internal sealed class ChartRenderer(TextPainter? painter)
{
    /// <summary>Draws a chart as PNG or SVG.</summary>
    /// <exception cref="ArgumentException">The look is not one that fits (<see cref="ChartLook.Fits"/>), or the format is JPEG.</exception>
    public Frame Render(Chart chart, ChartLook look, ImageFormat format)
    {
        if (!look.Fits)
        {
            throw new ArgumentException($"A chart of {look.Width} x {look.Height} at scale {look.Scale} cannot be drawn.", nameof(look));
        }

        var shapes = ChartLayout.Draw(chart, look);
        return format switch
        {
            ImageFormat.Png when painter is not null => new Frame(format.MediaType, PngChart.Draw(shapes, look, painter)),
            ImageFormat.Png or ImageFormat.Svg => new Frame(
                ImageFormat.Svg.MediaType, SvgChart.Write(shapes, look, CleanText.Of(look.Label ?? chart.Title))),
            _ => throw new ArgumentException("Charts are PNG or SVG.", nameof(format)),
        };
    }
}
