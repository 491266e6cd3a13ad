using Counter.Counting.Pages;

namespace Counter.Gateway.Streaming;

/// <content>What is shown when streams end.</content>
internal sealed partial class Feeds
{
    // What was shown here when the gateway began to stop; null before.
    private volatile Dictionary<CountKey, int>? frozen;

    /// <summary>Whether numbers stay what they are, because the gateway stops.</summary>
    public bool IsFrozen => frozen is not null;

    /// <summary>Ends the streams of sites properly.</summary>
    public void EndSites(Predicate<string> which)
    {
        foreach (var feed in All.Where(feed => which(feed.Key.Site)))
        {
            feed.End();
        }
    }

    /// <summary>
    /// From now on every number that is shown here stays what it is: streams that end because the gateway stops are no readers who left. What
    /// the cluster and other gateways are told goes on, since readers come back to them.
    /// </summary>
    public void Freeze()
    {
        var numbers = Audience.Snapshot();
        foreach (var site in numbers.Keys.Select(key => key.Site).Distinct().ToList())
        {
            numbers[CountKey.ForVisitors(site)] = Presence.CountVisitors(site);
        }

        lock (gate)
        {
            // From here on no feed goes any more, and one that comes is frozen by whoever brings it.
            frozen = numbers;
        }

        foreach (var feed in All)
        {
            feed.Freeze();
        }
    }
}
