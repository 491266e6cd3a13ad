using Counter.Counting.Play;
using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;

namespace Counter.Gateway.Play.Pictures;

/// <summary>The pictures of tables, each drawn once for all who see the same.</summary>
internal sealed class TableFrames(ChartRenderer renderer, ILogger<TableFrames> log)
{
    private const int ByteLimit = 16 * 1024 * 1024;
    private const int Overhead = 512;

    private readonly FrameStore<(Scene Scene, TableStyle Style)> frames = new(
        key => renderer.Render(TableLayout.Draw(key.Scene), key.Style.Drawing, key.Style.Format, "Tic-tac-toe. " + key.Scene.Words),
        ByteLimit,
        Overhead,
        log);

    /// <summary>A scene of no table.</summary>
    public static Scene Sample { get; } = new(
        new[] { 4, 0, 2, 6, 3, 5, 7 }.Aggregate(default(Board), (board, square) => board.Play(square) ?? board),
        7, "O’s turn", false, "You watch.", "", "3 watching");

    /// <summary>The frame that shows a scene.</summary>
    public Frame Get(Scene scene, TableStyle style) => frames.Get((scene, style));

    /// <summary>The same frame, unless it has to be drawn.</summary>
    public Frame? Find(Scene scene, TableStyle style) => style.Format == ImageFormat.Svg ? Get(scene, style) : frames.Find((scene, style));
}
