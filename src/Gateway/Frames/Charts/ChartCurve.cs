using Counter.Gateway.Frames.Shapes;

namespace Counter.Gateway.Frames.Charts;

/// <summary>Converts points to places, in pieces between gaps, cut off at both ends of the time axis.</summary>
/// <param name="from">The beginning of the time axis.</param>
/// <param name="to">Its end.</param>
/// <param name="place">Returns the place of a time and a value.</param>
internal sealed class ChartCurve(DateTimeOffset from, DateTimeOffset to, Func<DateTimeOffset, double, Place> place)
{
    /// <summary>Returns the pieces, oldest first. Each has at least one place.</summary>
    public List<List<Place>> Pieces(IEnumerable<ChartPoint> points)
    {
        var pieces = new List<List<Place>>();
        var piece = new List<Place>();
        (DateTimeOffset Time, double Value)? before = null;
        foreach (var point in Ascending(points))
        {
            if (point.Shown is not { } value)
            {
                End();
                continue;
            }

            var now = (point.Time, value);
            if (before is { } earlier && earlier.Time < from && point.Time > from)
            {
                piece.Add(Between(earlier, now, from));
            }

            if (point.Time > to)
            {
                if (before is { } inside && inside.Time < to)
                {
                    piece.Add(Between(inside, now, to));
                }

                break;
            }

            if (point.Time >= from)
            {
                piece.Add(place(point.Time, value));
            }

            before = now;
        }

        End();
        return pieces;

        void End()
        {
            before = null;
            if (piece.Count > 0)
            {
                pieces.Add(piece);
                piece = [];
            }
        }
    }

    /// <summary>
    /// Reduces a piece to at most four places for each CSS pixel of width: the first, the highest, the lowest and the last. More are not
    /// visible and would only make the file larger.
    /// </summary>
    public static List<Place> Thin(List<Place> piece)
    {
        var thin = new List<Place>();
        foreach (var column in piece.Select((at, index) => (at, index)).GroupBy(place => Math.Floor(place.at.X)))
        {
            var all = column.ToList();
            var kept = all.Count <= 4
                ? all
                : [.. new[] { all[0], all.MinBy(place => place.at.Y), all.MaxBy(place => place.at.Y), all[^1] }.DistinctBy(place => place.index).OrderBy(place => place.index)];
            thin.AddRange(kept.Select(place => place.at));
        }

        return thin;
    }

    /// <summary>Skips points older than the one before: a clock that was set back must not draw a line backwards.</summary>
    private static IEnumerable<ChartPoint> Ascending(IEnumerable<ChartPoint> points)
    {
        var newest = DateTimeOffset.MinValue;
        foreach (var point in points)
        {
            if (point.Time >= newest)
            {
                newest = point.Time;
                yield return point;
            }
        }
    }

    private Place Between((DateTimeOffset Time, double Value) a, (DateTimeOffset Time, double Value) b, DateTimeOffset at) =>
        place(at, a.Value + ((b.Value - a.Value) * ((at - a.Time) / (b.Time - a.Time))));
}
