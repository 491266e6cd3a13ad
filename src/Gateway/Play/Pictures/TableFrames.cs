using Counter.Gateway.Charts;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Play.Pictures;

/// <summary>The pictures of tables, each drawn once for all who see the same.</summary>
internal sealed class TableFrames(ChartRenderer renderer, ILogger<TableFrames> log)
{
    private const int ByteLimit = 16 * 1024 * 1024;
    private const int Overhead = 512;

    private readonly FrameStore<(Scene Scene, TableLook Look)> frames = new(
        key => renderer.Render(TableLayout.Draw(key.Scene), key.Look.Drawing, key.Look.Format, "Tic-tac-toe. " + key.Scene.Words),
        ByteLimit,
        Overhead,
        log);

    /// <summary>The frame that shows a scene.</summary>
    public Frame Get(Scene scene, TableLook look) => frames.Get((scene, look));
}
