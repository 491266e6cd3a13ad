namespace Counter.Gateway.Operations;

/// <summary>Admits the first caller of each interval. Safe for concurrent use.</summary>
/// <param name="interval">The length of the interval.</param>
/// <param name="clock">The clock.</param>
internal sealed class OncePerInterval(TimeSpan interval, TimeProvider clock)
{
    private readonly long ticks = (long)(interval.TotalSeconds * clock.TimestampFrequency);
    private long closedUntil = long.MinValue;

    /// <summary>Whether the caller is the first of its interval.</summary>
    public bool TryEnter()
    {
        var (now, closed) = (clock.GetTimestamp(), Volatile.Read(ref closedUntil));
        return now >= closed && Interlocked.CompareExchange(ref closedUntil, now + ticks, closed) == closed;
    }
}
