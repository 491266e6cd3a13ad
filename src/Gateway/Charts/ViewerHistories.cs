using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Charts;

/// <summary>Shares each past among all who look at it. Those that nobody looks at are kept for a while, but only a few.</summary>
internal sealed class ViewerHistories(ICluster cluster, Feeds feeds, TimeProvider clock, ILogger<ViewerHistories> log)
{
    private const int MostIdle = 200;

    private readonly Lock gate = new();
    private readonly Dictionary<(CountKey, ChartRange), ViewerHistory> pasts = [];
    private int idle;

    /// <summary>How many are kept.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return pasts.Count;
            }
        }
    }

    /// <summary>The past of a number, until it is given back by <see cref="Close"/>.</summary>
    public ViewerHistory Open(CountKey key, ChartRange range)
    {
        lock (gate)
        {
            if (!pasts.TryGetValue((key, range), out var past))
            {
                pasts[(key, range)] = past = new ViewerHistory(key, range, cluster, feeds, clock, log);
            }
            else if (past.Users == 0)
            {
                idle--;
            }

            past.Users++;
            return past;
        }
    }

    /// <summary>Gives back what <see cref="Open"/> gave.</summary>
    public void Close(ViewerHistory past)
    {
        lock (gate)
        {
            if (--past.Users > 0 || ++idle <= MostIdle)
            {
                return;
            }

            foreach (var unused in pasts.Values.Where(one => one.Users == 0).ToList())
            {
                pasts.Remove((unused.Key, unused.Range));
            }

            idle = 0;
        }
    }
}
