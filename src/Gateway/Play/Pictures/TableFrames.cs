using Counter.Counting.Play;
using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;

namespace Counter.Gateway.Play.Pictures;

/// <summary>The cache of table pictures. Each is drawn once for all viewers who see the same.</summary>
internal sealed class TableFrames(ChartRenderer renderer, ILogger<TableFrames> log)
{
    private const int ByteLimit = 16 * 1024 * 1024;
    private const int Overhead = 512;

    private readonly FrameStore<(Scene Scene, TableStyle Style)> frames = new(
        key => renderer.Render(TableLayout.Draw(key.Scene), key.Style.Drawing, key.Style.Format, "Tic-tac-toe. " + key.Scene.Words),
        ByteLimit,
        Overhead,
        log);

    /// <summary>A sample scene, of no real table.</summary>
    public static Scene Sample { get; } = new(
        new[] { 4, 0, 2, 6, 3, 5, 7 }.Aggregate(default(Board), (board, square) => board.Play(square) ?? board),
        7, "O’s turn", false, "You watch.", "", "3 watching");

    /// <summary>The frame that shows a scene.</summary>
    public Frame Get(Scene scene, TableStyle style) => frames.Get((scene, style));

    /// <summary>The frame from the cache; null when it must be drawn. SVG is written at once.</summary>
    public Frame? Find(Scene scene, TableStyle style) => style.Format == ImageFormat.Svg ? Get(scene, style) : frames.Find((scene, style));
}
