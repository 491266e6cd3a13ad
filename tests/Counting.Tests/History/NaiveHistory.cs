using Counter.Counting.History;

namespace Counter.Counting.Tests.History;

/// <summary>A history that keeps everything that ever happened and adds it up when asked.</summary>
internal sealed class NaiveHistory
{
    private readonly List<(long At, int Viewers, long Arrivals)> events = [];

    public void Observe(long at, int viewers, long arrivals) => events.Add((at, viewers, arrivals));

    public List<HistoryPoint> Read(HistoryStep step, DateTimeOffset from, DateTimeOffset to, long now)
    {
        var width = (long)step.Width().TotalMilliseconds;
        var oldest = Math.Max(from.ToUnixTimeMilliseconds(), now - (long)step.Keep().TotalMilliseconds);
        var newest = Math.Min(to.ToUnixTimeMilliseconds(), step == HistoryStep.Quarter ? now + 1 : now);
        var points = new List<HistoryPoint>();
        for (var start = oldest / width * width; start < newest && oldest < newest; start += width)
        {
            points.Add(Sum(start, width, now));
        }

        return points;
    }

    private HistoryPoint Sum(long start, long width, long now)
    {
        int peak = 0;
        long spent = 0, arrivals = 0;
        for (var i = 0; i < events.Count; i++)
        {
            var (at, viewers, came) = events[i];
            var end = i + 1 < events.Count ? events[i + 1].At : now;
            var overlap = Math.Min(end, start + width) - Math.Max(at, start);
            var isWithin = at >= start && at < start + width;
            peak = overlap > 0 || isWithin ? Math.Max(peak, viewers) : peak;
            spent += Math.Max(0, overlap) * viewers;
            arrivals += isWithin ? came : 0;
        }

        return new HistoryPoint(
            DateTimeOffset.FromUnixTimeMilliseconds(start), peak, (double)spent / Math.Min(width, Math.Max(1, now - start)), arrivals);
    }
}
