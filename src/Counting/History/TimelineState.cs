namespace Counter.Counting.History;

/// <summary>The history of a page or site as it is stored.</summary>
/// <param name="At">The end of the history.</param>
/// <param name="Minutes">One point a minute.</param>
/// <param name="Hours">One point an hour.</param>
/// <param name="Days">One point a day.</param>
/// <param name="Quarters">One point every 15 minutes; null in what was stored before there were any.</param>
public sealed record TimelineState(DateTimeOffset At, SeriesState Minutes, SeriesState Hours, SeriesState Days, SeriesState? Quarters = null);
