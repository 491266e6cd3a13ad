namespace Counter.Counting.History;

/// <summary>The requested steps of a history.</summary>
/// <param name="Step">The width of a step.</param>
/// <param name="From">The number of the first step, counted from 1970.</param>
/// <param name="To">The number of the step after the last one.</param>
/// <param name="Now">The current time, in milliseconds since 1970; the last step may be under way.</param>
internal readonly record struct HistoryRange(HistoryStep Step, int From, int To, long Now)
{
    /// <summary>Rounds a range to steps and limits it to those that have begun and are still kept. The result may be empty.</summary>
    public static HistoryRange Of(HistoryStep step, DateTimeOffset from, DateTimeOffset to, long now)
    {
        var width = (long)step.Width().TotalMilliseconds;
        var oldest = Math.Max(0, now - (long)step.Keep().TotalMilliseconds);
        var begin = Math.Max(from.ToUnixTimeMilliseconds(), oldest);

        // A quarter that begins now is part of it, because a viewer who arrives in this moment arrives today. Other steps have a mean, which needs elapsed time.
        var end = Math.Min(to.ToUnixTimeMilliseconds(), step == HistoryStep.Quarter ? now + 1 : now);
        var (first, after) = (begin / width, (end + width - 1) / width);
        return from >= to || first >= after
            ? new HistoryRange(step, 0, 0, now)
            : new HistoryRange(step, (int)first, (int)after, now);
    }

    /// <summary>Converts the sums of this range to points with dates and means.</summary>
    public IReadOnlyList<HistoryPoint> Date(StepSum[] sums)
    {
        var width = (long)Step.Width().TotalMilliseconds;
        var points = new HistoryPoint[sums.Length];
        for (var i = 0; i < points.Length; i++)
        {
            var start = (From + i) * width;
            var mean = (double)sums[i].ViewerMilliseconds / Math.Min(width, Math.Max(1, Now - start));
            points[i] = new HistoryPoint(DateTimeOffset.FromUnixTimeMilliseconds(start), sums[i].Peak, mean, sums[i].Arrivals);
        }

        return points;
    }
}
