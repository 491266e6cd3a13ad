using Counter.Counting.History;

namespace Counter.Gateway.Charts;

/// <summary>The period that a chart of viewers covers.</summary>
/// <param name="Name">Its value of <c>?range=</c>.</param>
/// <param name="Caption">Its name in the chart.</param>
/// <param name="Length">How far back it goes.</param>
/// <param name="Step">The history step that its points are made of.</param>
/// <param name="Merged">The number of steps in a point.</param>
internal sealed record ChartRange(string Name, string Caption, TimeSpan Length, HistoryStep Step, int Merged)
{
    /// <summary>All ranges. The first one is the default.</summary>
    public static readonly IReadOnlyList<ChartRange> All =
    [
        new("15m", "15 min, UTC", TimeSpan.FromMinutes(15), HistoryStep.Minute, 1),
        new("24h", "24 h, UTC", TimeSpan.FromHours(24), HistoryStep.Minute, 5),
        new("30d", "30 days, UTC", TimeSpan.FromDays(30), HistoryStep.Hour, 2),
        new("2y", "2 years, UTC", TimeSpan.FromDays(731), HistoryStep.Day, 2),
    ];
}
