namespace Counter.Counting.Presence;

/// <summary>
/// Puts what happens at all gateways in one order: a stamp is higher than every stamp that its gateway had heard of. Where clocks
/// agree it is the order of time; where one is wrong it still is an order that everybody agrees on (Lamport, 1978). Stamps are only
/// compared: how long ago something was is told by ages.
/// </summary>
internal sealed class Stamps(TimeProvider clock)
{
    private long last;

    /// <summary>The stamp of something that happens here, now.</summary>
    public long Next() => last = Math.Max(last + 1, clock.GetUtcNow().UtcTicks);

    /// <summary>Something happened elsewhere; what happens here from now on is later.</summary>
    /// <param name="stamp">Its stamp; one that is not a time is ignored.</param>
    public void Hear(long stamp)
    {
        if (stamp > last && stamp < DateTimeOffset.MaxValue.UtcTicks)
        {
            last = stamp;
        }
    }
}
