using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Charts;

/// <summary>Shares each history among all charts that show it. When more than <see cref="MostIdle"/> are unused, all unused ones are dropped.</summary>
internal sealed class ViewerHistories(ICluster cluster, Feeds feeds, TimeProvider clock, ILogger<ViewerHistories> log)
{
    private const int MostIdle = 200;

    private readonly Lock gate = new();
    private readonly Dictionary<(CountKey, ChartRange), ViewerHistory> pasts = [];
    private int idle;

    /// <summary>The number of histories in memory.</summary>
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

    /// <summary>Returns the history of a number. The caller releases it with <see cref="Close"/>.</summary>
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

    /// <summary>Releases a history that <see cref="Open"/> returned.</summary>
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
