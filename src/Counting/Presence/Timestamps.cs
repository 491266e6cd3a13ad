namespace Counter.Counting.Presence;

/// <summary>Arithmetic with timestamps of a clock.</summary>
public static class Timestamps
{
    /// <summary>The timestamp a time after another.</summary>
    public static long After(this TimeProvider clock, long timestamp, TimeSpan time) =>
        timestamp + (long)(time.TotalSeconds * clock.TimestampFrequency);

    /// <summary>The timestamp a time from now.</summary>
    public static long FromNow(this TimeProvider clock, TimeSpan time) => clock.After(clock.GetTimestamp(), time);
}
