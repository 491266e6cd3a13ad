using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;

namespace Counter.Gateway.Charts;

/// <summary>The charts of viewers, each drawn once for all who look at the same one.</summary>
internal sealed class ChartFrames(ChartRenderer renderer, ILogger<ChartFrames> log)
{
    private const int ByteLimit = 32 * 1024 * 1024;

    /// <summary>A frame keeps the past it was drawn from, of up to some hundred points, although it shares it with others.</summary>
    private const int Overhead = 8 * 1024;

    private readonly FrameStore<Key> frames = new(
        key => renderer.Render(key.Past.With(key.Now), key.Style, key.Format), ByteLimit, Overhead, log);

    /// <summary>The frame that shows a past and the number now. Cannot fail for a look that fits.</summary>
    public Frame Get(ViewerHistorySnapshot past, DisplayedCount now, ChartStyle style, ImageFormat format) => frames.Get(new Key(past, now, style, format));

    /// <summary>The same frame, unless it has to be drawn. SVG is written and not drawn, which takes less than waiting.</summary>
    public Frame? Find(ViewerHistorySnapshot past, DisplayedCount now, ChartStyle style, ImageFormat format) =>
        format == ImageFormat.Svg ? Get(past, now, style, format) : frames.Find(new Key(past, now, style, format));

    private readonly record struct Key(ViewerHistorySnapshot Past, DisplayedCount Now, ChartStyle Style, ImageFormat Format);
}
