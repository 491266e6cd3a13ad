namespace Counter.Gateway.Streaming;

/// <content>The end of the streams of feeds.</content>
internal sealed partial class Feeds
{
    private volatile bool isFrozen;

    /// <summary>Whether numbers are frozen, because the gateway is stopping.</summary>
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
    /// Freezes every number of this gateway. Streams that end because the gateway is stopping are no visitors who left. The cluster and other
    /// gateways still get every change, because visitors reconnect to them.
    /// </summary>
    public void Freeze()
    {
        lock (gate)
        {
            // From now on no feed is removed, and RunAsync freezes a new one.
            isFrozen = true;
        }

        foreach (var feed in All)
        {
            feed.Freeze();
        }
    }
}
