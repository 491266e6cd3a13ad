namespace Counter.Gateway.Streaming;

/// <content>What is shown when streams end.</content>
internal sealed partial class Feeds
{
    private volatile bool isFrozen;

    /// <summary>Whether numbers stay what they are, because the gateway stops.</summary>
    public bool IsFrozen => isFrozen;

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
        lock (gate)
        {
            // From here on no feed goes any more, and one that comes is frozen by whoever brings it.
            isFrozen = true;
        }

        foreach (var feed in All)
        {
            feed.Freeze();
        }
    }
}
