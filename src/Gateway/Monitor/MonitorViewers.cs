namespace Counter.Gateway.Monitor;

/// <summary>Counts the open sockets and pictures of the monitor, and limits their number.</summary>
internal sealed class MonitorViewers
{
    /// <summary>The most watchers: far more than real use needs, and few enough to do no harm.</summary>
    public const int Most = 200;

    private int count;

    /// <summary>The number of watchers.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Admits a watcher until the result is disposed; null when the limit is reached.</summary>
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
