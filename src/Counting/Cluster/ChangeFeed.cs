using System.Threading.Channels;
using Counter.Counting.Pages;

namespace Counter.Counting.Cluster;

/// <summary>
/// Tells subscribers the totals as they change. What a slow subscriber has not taken yet is replaced by what is newer, so each
/// holds at most one total per key.
/// </summary>
internal sealed class ChangeFeed
{
    private readonly Lock gate = new();
    private Subscription[] subscriptions = [];

    /// <summary>Begins to collect; the caller disposes what it gets to end that.</summary>
    public Subscription Subscribe()
    {
        var subscription = new Subscription(this);
        lock (gate)
        {
            subscriptions = [.. subscriptions, subscription];
        }

        return subscription;
    }

    /// <summary>Tells everyone. Does not wait for anyone.</summary>
    public void Publish(Total total)
    {
        foreach (var subscription in Volatile.Read(ref subscriptions))
        {
            subscription.Put(total);
        }
    }

    /// <summary>What one subscriber has not taken yet.</summary>
    internal sealed class Subscription(ChangeFeed feed) : IDisposable
    {
        private readonly Lock gate = new();
        private readonly Channel<bool> news =
            Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        private Dictionary<CountKey, Total> pending = [];

        /// <summary>How many totals wait.</summary>
        public int Count
        {
            get
            {
                lock (gate)
                {
                    return pending.Count;
                }
            }
        }

        /// <summary>Takes everything that has changed since the last time, waiting until there is something.</summary>
        public async ValueTask<IReadOnlyCollection<Total>> TakeAsync(CancellationToken cancellationToken)
        {
            await news.Reader.ReadAsync(cancellationToken);
            lock (gate)
            {
                var taken = pending;
                pending = [];
                return taken.Values;
            }
        }

        public void Put(Total total)
        {
            lock (gate)
            {
                if (!pending.TryGetValue(total.Key, out var other) || other.Version <= total.Version)
                {
                    pending[total.Key] = total;
                }
            }

            news.Writer.TryWrite(true);
        }

        public void Dispose()
        {
            lock (feed.gate)
            {
                feed.subscriptions = [.. feed.subscriptions.Where(s => s != this)];
            }
        }
    }
}
