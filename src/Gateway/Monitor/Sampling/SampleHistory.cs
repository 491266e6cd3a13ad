namespace Counter.Gateway.Monitor.Sampling;

/// <summary>A ring buffer of the samples of the last quarter of an hour.</summary>
internal sealed class SampleHistory
{
    /// <summary>The samples of a quarter of an hour.</summary>
    public const int Most = 900;

    private readonly Lock gate = new();
    private readonly Sample[] ring = new Sample[Most];
    private long count;

    /// <summary>Adds the newest sample.</summary>
    /// <returns>Its number; the first is 1.</returns>
    public long Add(in Sample sample)
    {
        lock (gate)
        {
            ring[count % Most] = sample;
            return ++count;
        }
    }

    /// <summary>The samples up to a number, oldest first.</summary>
    /// <param name="last">The number of the last sample to return.</param>
    /// <param name="most">The most samples to return.</param>
    public Sample[] Take(long last = long.MaxValue, int most = Most)
    {
        lock (gate)
        {
            var end = Math.Min(last, count);
            var from = Math.Max(end - most, Math.Max(0, count - Most));
            var taken = new Sample[Math.Max(0, end - from)];
            for (var i = 0; i < taken.Length; i++)
            {
                taken[i] = ring[(from + i) % Most];
            }

            return taken;
        }
    }
}
