namespace Counter.Counting.History;

/// <summary>One step of the history of a page or site.</summary>
/// <param name="Start">When the step began (UTC).</param>
/// <param name="Peak">The most viewers at once during the step.</param>
/// <param name="Mean">The time-weighted mean of viewers over the step; for the step under way, over the part that has passed.</param>
/// <param name="Arrivals">The viewers that arrived during the step.</param>
[GenerateSerializer, Immutable, Alias("counter.HistoryPoint")]
public readonly record struct HistoryPoint(DateTimeOffset Start, int Peak, double Mean, long Arrivals);

/// <summary>The resolution of a history.</summary>
public enum HistoryStep
{
    /// <summary>One point a minute, kept for 24 hours.</summary>
    Minute,

    /// <summary>One point an hour, kept for 30 days.</summary>
    Hour,

    /// <summary>One point a day (UTC), kept for 2 years.</summary>
    Day,

    /// <summary>One point every 15 minutes, kept for two days: every time zone's midnight is between two of them.</summary>
    Quarter,
}

/// <summary>The widths of the steps and how long each is kept.</summary>
public static class HistorySteps
{
    /// <summary>Parses the step of an address: <c>minute</c>, <c>hour</c> or <c>day</c>; null if it is none of them.</summary>
    public static HistoryStep? Parse(string? text) => text switch
    {
        "minute" => HistoryStep.Minute,
        "hour" => HistoryStep.Hour,
        "day" => HistoryStep.Day,
        _ => null,
    };

    /// <summary>The width of one point.</summary>
    public static TimeSpan Width(this HistoryStep step) => step switch
    {
        HistoryStep.Minute => TimeSpan.FromMinutes(1),
        HistoryStep.Quarter => TimeSpan.FromMinutes(15),
        HistoryStep.Hour => TimeSpan.FromHours(1),
        _ => TimeSpan.FromDays(1),
    };

    /// <summary>The arrivals of the points that start at a time or later.</summary>
    public static long ArrivalsSince(this IEnumerable<HistoryPoint> points, DateTimeOffset from) =>
        points.Where(point => point.Start >= from).Sum(point => point.Arrivals);

    /// <summary>How long points of this width are kept.</summary>
    public static TimeSpan Keep(this HistoryStep step) => step switch
    {
        HistoryStep.Minute => TimeSpan.FromHours(24),
        HistoryStep.Quarter => TimeSpan.FromDays(2),
        HistoryStep.Hour => TimeSpan.FromDays(30),
        _ => TimeSpan.FromDays(731),
    };
}
