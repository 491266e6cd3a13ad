namespace Counter.Gateway.Monitor;

/// <summary>Who watches the monitor now: a bounded number of sockets and pictures.</summary>
internal sealed class MonitorViewers
{
    /// <summary>Far more than look at it in earnest, and few enough to do no harm.</summary>
    public const int Most = 200;

    private int count;

    /// <summary>How many watch.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Lets somebody in until the result is disposed; null when there is no room.</summary>
    public IDisposable? TryEnter()
    {
        if (Interlocked.Increment(ref count) <= Most)
        {
            return new Place(this);
        }

        Interlocked.Decrement(ref count);
        return null;
    }

    private sealed class Place(MonitorViewers viewers) : IDisposable
    {
        private int left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) == 0)
            {
                Interlocked.Decrement(ref viewers.count);
            }
        }
    }
}
