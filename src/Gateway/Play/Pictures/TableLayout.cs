using Counter.Counting.Play;
using Counter.Gateway.Frames.Shapes;

namespace Counter.Gateway.Play.Pictures;

/// <summary>Lays out the picture of a table, in CSS pixels. PNG and SVG have the same shapes.</summary>
internal static class TableLayout
{
    private const double Edge = 12;
    private const double Square = 108;
    private const double Inset = 29;
    private const double Pen = 10;
    private const double Middle = TableStyle.Width / 2.0;

    /// <summary>The opacity, of 255, of the marks that have not won, so that the winning ones stand out.</summary>
    private const int PaleCover = 90;

    /// <summary>The shapes of a scene, from back to front.</summary>
    public static IReadOnlyList<Shape> Draw(Scene scene)
    {
        IEnumerable<Shape> shapes = [.. Tint(scene), .. Grid(), .. MarksOf(scene), .. WinningLines(scene), .. WordsOf(scene), .. Button(scene)];
        return [.. shapes.Where(shape => shape is not Words { Text: "" }).Select(shape => scene.Live ? shape : shape with { Cover = shape.Cover / 2 })];
    }

    private static IEnumerable<Shape> Tint(Scene scene)
    {
        if (scene.Last is { } square && !scene.Board.IsOver)
        {
            var (x, y) = Corner(square);
            yield return new Box(ColorRole.Grid, x + 4, y + 4, Square - 8, Square - 8) { Cover = 128 };
        }
    }

    private static IEnumerable<Shape> Grid()
    {
        const double End = Edge + (3 * Square);
        for (var i = 1; i <= 2; i++)
        {
            var at = Edge + (i * Square);
            yield return new Line(ColorRole.Quiet, [new(at, Edge), new(at, End)], 3);
            yield return new Line(ColorRole.Quiet, [new(Edge, at), new(End, at)], 3);
        }
    }

    private static IEnumerable<Shape> MarksOf(Scene scene)
    {
        var won = scene.Board.WinningLines.SelectMany(line => line).ToHashSet();
        for (var square = 0; square < Board.Squares; square++)
        {
            var (x, y) = Corner(square);
            var cover = won.Count == 0 || won.Contains(square) ? 255 : PaleCover;
            const double Far = Square - Inset;
            if (scene.Board[square] == Mark.X)
            {
                yield return new Line(ColorRole.First, [new(x + Inset, y + Inset), new(x + Far, y + Far)], Pen) { Cover = cover };
                yield return new Line(ColorRole.First, [new(x + Far, y + Inset), new(x + Inset, y + Far)], Pen) { Cover = cover };
            }
            else if (scene.Board[square] == Mark.O)
            {
                yield return new Dot(ColorRole.Second, new(x + (Square / 2), y + (Square / 2)), (Square / 2) - Inset + 3, Pen) { Cover = cover };
            }
        }
    }

    private static IEnumerable<Shape> WinningLines(Scene scene) => scene.Board.WinningLines.Select(line =>
    {
        var (from, to) = (Center(line[0]), Center(line[2]));
        var (dx, dy) = ((to.X - from.X) * 0.17, (to.Y - from.Y) * 0.17);
        return new Line(ColorRole.Third, [new(from.X - dx, from.Y - dy), new(to.X + dx, to.Y + dy)], 7);
    });

    private static IEnumerable<Shape> WordsOf(Scene scene)
    {
        yield return new Words(scene.Calls ? ColorRole.Third : ColorRole.Text, scene.Headline, new(Middle, 371), 24, Anchor.Middle);
        yield return new Words(ColorRole.Muted, scene.Line, new(Middle, 397), 14, Anchor.Middle);
        yield return new Words(ColorRole.Muted, scene.Foot, new(Middle, 478), 13, Anchor.Middle);
    }

    private static IEnumerable<Shape> Button(Scene scene)
    {
        if (scene.Action.Length > 0)
        {
            const double Left = Middle - 82, Right = Middle + 82, Top = 413, Bottom = 453;
            Place[] corners = [new(Left, Top), new(Right, Top), new(Right, Bottom), new(Left, Bottom), new(Left, Top)];
            yield return new Area(ColorRole.Third, corners) { Cover = 30 };
            yield return new Line(ColorRole.Third, corners, 2);
            yield return new Words(ColorRole.Third, scene.Action, new(Middle, 439), 16, Anchor.Middle);
        }
    }

    private static (double X, double Y) Corner(int square) => (Edge + (square % 3 * Square), Edge + (square / 3 * Square));

    private static Place Center(int square) => new(Corner(square).X + (Square / 2), Corner(square).Y + (Square / 2));
}
