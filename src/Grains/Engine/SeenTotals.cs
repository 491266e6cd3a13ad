using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Grains.Messages;

namespace Counter.Grains.Engine;

/// <summary>What the cluster last said of the numbers that this process has viewers of. Safe for concurrent use.</summary>
internal sealed class SeenTotals
{
    private readonly Lock gate = new();
    private readonly Dictionary<CountKey, Seen> totals = [];

    /// <summary>What was seen of a number.</summary>
    public Seen Of(CountKey key)
    {
        lock (gate)
        {
            return totals.GetValueOrDefault(key);
        }
    }

    /// <summary>Whether a report said that there are viewers of it here, so that its grain tells changes by itself.</summary>
    public bool Holds(CountKey key)
    {
        lock (gate)
        {
            return key.Of == CountOf.Page && totals.ContainsKey(key);
        }
    }

    /// <summary>A report was answered; a number without viewers here is forgotten.</summary>
    public void Learn(CountKey key, NumberTold told, bool hasViewers)
    {
        lock (gate)
        {
            if (hasViewers)
            {
                totals[key] = new Seen(told.Activation, told.Viewers);
            }
            else
            {
                totals.Remove(key);
            }
        }
    }

    /// <summary>A change was told.</summary>
    public void Learn(Total total)
    {
        lock (gate)
        {
            if (totals.TryGetValue(total.Key, out var seen))
            {
                totals[total.Key] = seen with { Viewers = total.Viewers };
            }
        }
    }
}
