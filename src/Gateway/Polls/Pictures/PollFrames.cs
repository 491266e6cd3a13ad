using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;
using Counter.Gateway.Frames.Shapes;

namespace Counter.Gateway.Polls.Pictures;

/// <summary>The pictures of polls, each drawn once for all who look at the same one.</summary>
internal sealed class PollFrames(ChartRenderer charts, ILogger<PollFrames> log)
{
    private const int ByteLimit = 32 * 1024 * 1024;

    /// <summary>A frame's key has the question and the answers.</summary>
    private const int Overhead = 1024;

    private readonly FrameStore<Key> frames = new(key => Draw(key, charts), ByteLimit, Overhead, log);

    /// <summary>The size in CSS pixels, which no vote changes.</summary>
    public static FrameSize SizeOf(PollView view, PollStyle look) =>
        look.Form == PollForm.Row ? PollRow.SizeOf(view, look) : PollBars.SizeOf(view, look);

    /// <summary>The picture.</summary>
    public Frame Get(PollView view, PollStyle look) => frames.Get(new Key(view, look));

    /// <summary>The same picture, unless it has to be drawn. SVG is written and not drawn, which takes less than waiting.</summary>
    public Frame? Find(PollView view, PollStyle look) => look.Format == ImageFormat.Svg ? Get(view, look) : frames.Find(new Key(view, look));

    private static Frame Draw(Key key, ChartRenderer charts)
    {
        var (view, look) = key;

        // All of one colour together, which is drawn in one go; texts are above everything.
        var shapes = (look.Form == PollForm.Row ? PollRow.Draw(view, look) : PollBars.Draw(view, look))
            .OrderBy(shape => (shape is Words, shape.Role == ColorRole.First, (shape as Words)?.IsColorful, shape.Role, shape.Cover)).ToList();
        return charts.Render(shapes, look.For(SizeOf(view, look)), look.Format, view.Asked.Question ?? "Reactions");
    }

    private readonly record struct Key(PollView View, PollStyle Look);
}
