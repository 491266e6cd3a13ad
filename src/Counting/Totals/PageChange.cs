namespace Counter.Counting.Totals;

/// <summary>What a report, or the lack of one, changed on a page.</summary>
/// <param name="Viewers">How many more viewers there are; negative when some left.</param>
/// <param name="Arrivals">How many viewers came.</param>
public readonly record struct PageChange(long Viewers, long Arrivals);
