namespace Counter.Gateway.Operations;

/// <summary>Lets the first caller of each interval through, however many come. Safe for concurrent use.</summary>
/// <param name="interval">How long it is.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class OncePerInterval(TimeSpan interval, TimeProvider clock)
{
    private readonly long ticks = (long)(interval.TotalSeconds * clock.TimestampFrequency);
    private long closedUntil = long.MinValue;

    /// <summary>Whether the caller is the first of an interval.</summary>
    public bool TryEnter()
    {
        var (now, closed) = (clock.GetTimestamp(), Volatile.Read(ref closedUntil));
        return now >= closed && Interlocked.CompareExchange(ref closedUntil, now + ticks, closed) == closed;
    }
}
