using Counter.Gateway.Frames.Shapes;

namespace Counter.Gateway.Frames.Charts;

/// <summary>Draws charts of any content. Thread-safe.</summary>
/// <param name="painter">Draws the text of PNG.</param>
internal sealed class ChartRenderer(TextPainter painter)
{
    /// <summary>Draws a chart as PNG or SVG.</summary>
    /// <exception cref="ArgumentException">The style does not fit (<see cref="ChartStyle.Fits"/>), or the format is not PNG or SVG.</exception>
    public Frame Render(Chart chart, ChartStyle style, ImageFormat format)
    {
        if (!style.Fits)
        {
            throw new ArgumentException($"A chart of {style.Width} x {style.Height} at scale {style.Scale} cannot be drawn.", nameof(style));
        }

        return Render(ChartLayout.Draw(chart, style), style, format, (style.Label ?? chart.Title) + (chart.Live ? "" : ": " + FrameText.NoLongerLive));
    }

    /// <summary>Draws shapes as PNG or SVG.</summary>
    /// <param name="shapes">The shapes, from back to front.</param>
    /// <param name="style">The size and the colours.</param>
    /// <param name="format">PNG or SVG.</param>
    /// <param name="title">The text alternative; in SVG only.</param>
    /// <exception cref="ArgumentException">The format is not PNG or SVG.</exception>
    public Frame Render(IReadOnlyList<Shape> shapes, ChartStyle style, ImageFormat format, string title) => format switch
    {
        ImageFormat.Png => PictureEncoder.Encode(format, ShapePixels.Draw(shapes, style, painter), style.Size),
        ImageFormat.Svg => new Frame(ImageFormat.Svg.MediaType, ShapeSvg.Write(shapes, style, CleanText.Of(title))),
        _ => throw new ArgumentException("Charts are PNG or SVG.", nameof(format)),
    };
}
