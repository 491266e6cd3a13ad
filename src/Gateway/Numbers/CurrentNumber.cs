using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Gateway.Frames;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Numbers;

/// <summary>The number now, for whoever does not wait for the next one.</summary>
internal sealed class CurrentNumber(Feeds feeds, ICluster cluster)
{
    /// <summary>As the streams here show it; when nobody here looks, what the cluster has and what it was not told yet.</summary>
    public async ValueTask<Reading> GetAsync(CountKey key, CancellationToken cancellationToken)
    {
        if (feeds.Find(key) is { } feed)
        {
            return new Reading(feed.Number);
        }

        if (key.Of == CountOf.Visitors)
        {
            return new Reading(feeds.Here(key));
        }

        var status = await cluster.GetAsync(key, cancellationToken);
        return new Reading(Math.Max(0, status.Viewers - feeds.Audience.Reported(key)) + feeds.Here(key));
    }
}
