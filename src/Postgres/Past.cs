using Counter.Counting.History;

namespace Counter.Postgres;

/// <summary>A number whose step is under way.</summary>
/// <param name="Viewers">Since <paramref name="At"/>.</param>
/// <param name="At">Until when the sum is told, in milliseconds since 1970.</param>
/// <param name="Sum">What the step has had until then.</param>
internal sealed record OpenStep(int Viewers, long At, StepSum Sum);

/// <summary>Steps that are over and equal.</summary>
/// <param name="First">The number of the first one, counted from 1970.</param>
/// <param name="After">The number of the one after the last.</param>
/// <param name="Sum">What each of them had.</param>
internal sealed record ClosedSteps(int First, int After, StepSum Sum);

/// <summary>Makes points of the past from what is stored of it, and of the time that has passed since then.</summary>
internal static class Past
{
    /// <summary>The history, as <see cref="Counting.Cluster.ICluster.GetHistoryAsync"/> says.</summary>
    public static IReadOnlyList<HistoryPoint> Read(
        HistoryStep step, DateTimeOffset from, DateTimeOffset to, long now, OpenStep? open, IEnumerable<ClosedSteps> closed)
    {
        var present = Math.Max(now, open?.At ?? 0);
        var range = HistoryRange.Of(step, from, to, present);
        if (open is null)
        {
            return range.Date(new StepSum[range.To - range.From]);
        }

        var number = (int)(open.At / (long)step.Width().TotalMilliseconds);
        var series = new Series(step, new SeriesState(number, ReadOnlyMemory<byte>.Empty, 0, default, number, open.Sum));
        series.Pass(open.At, present, open.Viewers);
        var sums = series.Read(range.From, range.To);
        foreach (var run in closed)
        {
            var (begin, end) = (Math.Clamp(run.First, range.From, range.To), Math.Clamp(run.After, range.From, range.To));
            sums.AsSpan(begin - range.From, end - begin).Fill(run.Sum);
        }

        return range.Date(sums);
    }
}
