using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;

namespace Counter.Gateway.Charts;

/// <summary>Caches the charts of viewers. A chart is drawn once for all who request the same one.</summary>
internal sealed class ChartFrames(ChartRenderer renderer, ILogger<ChartFrames> log)
{
    private const int ByteLimit = 32 * 1024 * 1024;

    /// <summary>An estimate for the history that a frame keeps: up to some hundred points. Frames share it, but each one is charged for it.</summary>
    private const int Overhead = 8 * 1024;

    private readonly FrameStore<Key> frames = new(
        key => renderer.Render(key.Past.With(key.Now), key.Style, key.Format), ByteLimit, Overhead, log);

    /// <summary>Returns the frame of a history and the current number. Does not fail for a style that fits.</summary>
    public Frame Get(ViewerHistorySnapshot past, DisplayedCount now, ChartStyle style, ImageFormat format) => frames.Get(new Key(past, now, style, format));

    /// <summary>
    /// Returns the same frame, or null when it has to be drawn first. SVG is never null: it is written, which takes less time than waiting
    /// for a turn.
    /// </summary>
    public Frame? Find(ViewerHistorySnapshot past, DisplayedCount now, ChartStyle style, ImageFormat format) =>
        format == ImageFormat.Svg ? Get(past, now, style, format) : frames.Find(new Key(past, now, style, format));

    private readonly record struct Key(ViewerHistorySnapshot Past, DisplayedCount Now, ChartStyle Style, ImageFormat Format);
}
