using Counter.Counting.History;
using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;
using Counter.Gateway.Frames.Shapes;

namespace Counter.Gateway.Charts;

/// <summary>The history of a number as the cluster had it at one moment. Immutable, and equal only to itself.</summary>
internal sealed class ViewerHistorySnapshot
{
    private readonly ChartRange range;
    private readonly DateTimeOffset at;
    private readonly IReadOnlyList<ChartPoint> points;
    private readonly bool isKnown;

    /// <param name="range">The range that it covers.</param>
    /// <param name="at">When it was read.</param>
    /// <param name="since">When the first viewer ever arrived; null when none did.</param>
    /// <param name="history">The steps, oldest first.</param>
    public ViewerHistorySnapshot(ChartRange range, DateTimeOffset at, DateTimeOffset? since, IReadOnlyList<HistoryPoint> history)
    {
        (this.range, this.at) = (range, at);
        isKnown = since is not null;

        // Nothing was counted before the first viewer arrived. That is a gap, not zero.
        var width = range.Step.Width();
        points = [.. history
            .Where(step => step.Start + width > since && step.Start <= at)
            .GroupBy(step => step.Start.UtcTicks / (width.Ticks * range.Merged))
            .Select(steps => Merge(steps.First().Start, steps.Last().Start + width, steps.Max(step => step.Peak)))];
    }

    /// <summary>Returns the chart of this history, with the current number at its end.</summary>
    public Chart With(DisplayedCount now)
    {
        IReadOnlyList<ChartPoint> all = isKnown || now.Viewers > 0 ? [.. points, new ChartPoint(at, now.Viewers)] : [];
        return new Chart("online now", at - range.Length, at, [new ChartSeries("viewers", ColorRole.First, all)])
        {
            Caption = range.Caption,
            Live = now.Live,
        };
    }

    /// <summary>Makes a point of the most viewers at once, in the middle of the time of its steps. The last step is still under way.</summary>
    private ChartPoint Merge(DateTimeOffset from, DateTimeOffset to, int peak) => new(from + (((to < at ? to : at) - from) / 2), peak);
}
