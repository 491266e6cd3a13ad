using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;
using Counter.Gateway.Frames.Shapes;

namespace Counter.Gateway.Polls.Pictures;

/// <summary>The cache of poll pictures. Each is drawn once for all viewers who see the same.</summary>
internal sealed class PollFrames(ChartRenderer charts, ILogger<PollFrames> log)
{
    private const int ByteLimit = 32 * 1024 * 1024;

    /// <summary>The bytes of a frame's key, which includes the question and the answers.</summary>
    private const int Overhead = 1024;

    private readonly FrameStore<Key> frames = new(key => Draw(key, charts), ByteLimit, Overhead, log);

    /// <summary>The size in CSS pixels. Votes do not change it.</summary>
    public static FrameSize SizeOf(PollView view, PollStyle style) =>
        style.Form == PollForm.Row ? PollRow.SizeOf(view, style) : PollBars.SizeOf(view, style);

    public Frame Get(PollView view, PollStyle style) => frames.Get(new Key(view, style));

    /// <summary>The picture from the cache; null when it must be drawn. SVG is written at once, which takes less time than the queue.</summary>
    public Frame? Find(PollView view, PollStyle style) => style.Format == ImageFormat.Svg ? Get(view, style) : frames.Find(new Key(view, style));

    private static Frame Draw(Key key, ChartRenderer charts)
    {
        var (view, style) = key;

        // Shapes of one colour are drawn together. Texts are above everything.
        var shapes = (style.Form == PollForm.Row ? PollRow.Draw(view, style) : PollBars.Draw(view, style))
            .OrderBy(shape => (shape is Words, shape.Role == ColorRole.First, (shape as Words)?.IsColorful, shape.Role, shape.Cover)).ToList();
        return charts.Render(shapes, style.For(SizeOf(view, style)), style.Format, view.Asked.Question ?? "Reactions");
    }

    private readonly record struct Key(PollView View, PollStyle Style);
}
