namespace Counter.Counting.Presence;

/// <summary>Arithmetic with timestamps of a clock.</summary>
public static class Timestamps
{
    /// <summary>A timestamp plus a time.</summary>
    public static long After(this TimeProvider clock, long timestamp, TimeSpan time) =>
        timestamp + (long)(time.TotalSeconds * clock.TimestampFrequency);

    /// <summary>The current timestamp plus a time.</summary>
    public static long FromNow(this TimeProvider clock, TimeSpan time) => clock.After(clock.GetTimestamp(), time);
}
