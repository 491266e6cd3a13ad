using Counter.Counting.Cluster;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Gateway.Cluster;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Streaming;

/// <summary>The number now, for whoever does not wait for the next one.</summary>
internal sealed class CurrentNumber(Feeds feeds, ICluster cluster, PresenceClient presence, TimeProvider clock)
{
    /// <summary>
    /// As the streams here show it; when nobody here looks, what the cluster has. Not live while the gateway stops.
    /// </summary>
    /// <param name="key">The number.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <param name="status">What the cluster has just said of it, so that it need not be asked again; null when it was not asked.</param>
    /// <exception cref="ClusterUnavailableException">Nobody here looks, and the cluster does not answer.</exception>
    public async ValueTask<DisplayedCount> GetAsync(CountKey key, CancellationToken cancellationToken, CountStatus? status = null)
    {
        if (feeds.Find(key) is { } feed && (feed.IsKnown || feeds.IsFrozen))
        {
            return new DisplayedCount(feed.Number, !feeds.IsFrozen);
        }

        return new DisplayedCount(await AskAsync(key, status, cancellationToken), !feeds.IsFrozen);
    }

    /// <summary>The same, or while the cluster does not answer what is known here, not live; nobody waits for the cluster then.</summary>
    public async ValueTask<DisplayedCount> GetKnownAsync(CountKey key, CancellationToken cancellationToken, CountStatus? status = null)
    {
        if (presence.IsConnected || feeds.Find(key) is not null)
        {
            try
            {
                return await GetAsync(key, cancellationToken, status);
            }
            catch (ClusterUnavailableException)
            {
                // The engine has said so.
            }
        }

        return new DisplayedCount(feeds.Find(key)?.Number ?? presence.Estimate(key), Live: false);
    }

    private async ValueTask<long> AskAsync(CountKey key, CountStatus? status, CancellationToken cancellationToken)
    {
        if (key.Of == CountOf.Today)
        {
            var (from, to) = ZoneDay.Of(ZoneDay.FindZone(key.Zone) ?? TimeZoneInfo.Utc, clock.GetUtcNow());
            return (await cluster.GetHistoryAsync(key.ToViewers(), HistoryStep.Quarter, from, to, cancellationToken)).ArrivalsSince(from);
        }

        status ??= await cluster.GetAsync(key.IsTotal ? key.ToViewers() : key, cancellationToken);
        return key.Of switch
        {
            CountOf.Arrivals => status.Arrivals,
            CountOf.Peak => Math.Max(status.Peak, status.Viewers),
            _ => status.Viewers,
        };
    }
}
