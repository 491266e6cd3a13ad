using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Grains.Messages;

namespace Counter.Grains.Engine;

/// <summary>What the cluster last said of the numbers that this process reports or shows. Safe for concurrent use.</summary>
internal sealed class SeenTotals
{
    private readonly Lock gate = new();
    private readonly Dictionary<CountKey, (Seen Seen, bool IsReported)> totals = [];

    /// <summary>What was seen of a number.</summary>
    public Seen Of(CountKey key)
    {
        lock (gate)
        {
            return totals.GetValueOrDefault(key).Seen;
        }
    }

    /// <summary>Whether a report said that there are viewers of a page here, so that its grain tells changes by itself.</summary>
    public bool Holds(CountKey key)
    {
        lock (gate)
        {
            return key.Of == CountOf.Page && totals.GetValueOrDefault(key).IsReported;
        }
    }

    /// <summary>A report was answered; a number without viewers here is forgotten.</summary>
    public void Learn(CountKey key, NumberTold told, bool hasViewers)
    {
        lock (gate)
        {
            if (hasViewers)
            {
                totals[key] = (new Seen(told.Activation, told.Viewers), true);
            }
            else
            {
                totals.Remove(key);
            }
        }
    }

    /// <summary>A question was answered about a number that is shown here.</summary>
    public void Learn(CountKey key, NumberTold told)
    {
        lock (gate)
        {
            totals[key] = (new Seen(told.Activation, told.Viewers), totals.GetValueOrDefault(key).IsReported);
        }
    }

    /// <summary>A change was told.</summary>
    public void Learn(Total total)
    {
        lock (gate)
        {
            if (totals.TryGetValue(total.Key, out var known))
            {
                totals[total.Key] = known with { Seen = known.Seen with { Viewers = total.Viewers } };
            }
        }
    }

    /// <summary>A number is not shown any more; it is remembered only if there are viewers of it here.</summary>
    public void Forget(CountKey key)
    {
        lock (gate)
        {
            if (!totals.GetValueOrDefault(key).IsReported)
            {
                totals.Remove(key);
            }
        }
    }
}
