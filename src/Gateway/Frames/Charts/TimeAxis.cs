using System.Globalization;

namespace Counter.Gateway.Frames.Charts;

/// <summary>Ticks of an axis at round times (UTC), as many as have room for their labels.</summary>
internal static class TimeAxis
{
    private const int RoomForTime = 56;
    private const int RoomForDay = 90;
    private const int RoomForDate = 56;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Quarter = TimeSpan.FromDays(91);

    private static readonly TimeSpan[] Steps =
    [
        .. new[] { 1, 2, 5, 10, 15, 30 }.Select(seconds => TimeSpan.FromSeconds(seconds)),
        .. new[] { 1, 2, 5, 10, 15, 30 }.Select(minutes => TimeSpan.FromMinutes(minutes)),
        .. new[] { 1, 2, 3, 6, 12 }.Select(hours => TimeSpan.FromHours(hours)),
        .. new[] { 1, 2, 7, 14, 28, 91, 364 }.Select(days => TimeSpan.FromDays(days)),
    ];

    /// <summary>Returns the times and their labels, oldest first.</summary>
    /// <param name="from">The beginning of the axis.</param>
    /// <param name="to">Its end.</param>
    /// <param name="width">Its length in CSS pixels.</param>
    public static IEnumerable<(DateTimeOffset Time, string Label)> Ticks(DateTimeOffset from, DateTimeOffset to, double width)
    {
        var step = Array.Find(Steps, step => RoomAt(step) >= (step < Day ? RoomForTime : RoomForDate));
        if (step == default)
        {
            yield break;
        }

        var format = step < TimeSpan.FromMinutes(1) ? "HH:mm:ss"
            : step < Day ? "HH:mm"
            : RoomAt(step) < RoomForDay ? "d MMM"
            : step < Quarter ? "ddd d MMM" : "MMM yyyy";

        // Weeks begin on Mondays, because the first day of DateTime's calendar is a Monday.
        for (var ticks = (from.UtcTicks + step.Ticks - 1) / step.Ticks * step.Ticks; ticks <= to.UtcTicks; ticks += step.Ticks)
        {
            var time = new DateTimeOffset(ticks, TimeSpan.Zero);
            yield return (time, time.ToString(format, CultureInfo.InvariantCulture));
        }

        double RoomAt(TimeSpan step) => width * (step / (to - from));
    }
}
