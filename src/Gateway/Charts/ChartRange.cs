using Counter.Counting.History;

namespace Counter.Gateway.Charts;

/// <summary>How far back a chart of viewers looks.</summary>
/// <param name="Name">What <c>?range=</c> calls it.</param>
/// <param name="Caption">What the chart calls it.</param>
/// <param name="Length">How far back.</param>
/// <param name="Step">The steps its points are made of.</param>
/// <param name="Merged">How many steps make a point.</param>
internal sealed record ChartRange(string Name, string Caption, TimeSpan Length, HistoryStep Step, int Merged)
{
    /// <summary>All there are; the first is what no parameter means.</summary>
    public static readonly IReadOnlyList<ChartRange> All =
    [
        new("15m", "15 min, UTC", TimeSpan.FromMinutes(15), HistoryStep.Minute, 1),
        new("24h", "24 h, UTC", TimeSpan.FromHours(24), HistoryStep.Minute, 5),
        new("30d", "30 days, UTC", TimeSpan.FromDays(30), HistoryStep.Hour, 2),
        new("2y", "2 years, UTC", TimeSpan.FromDays(731), HistoryStep.Day, 2),
    ];
}
