using Counter.Counting.Cluster;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Gateway.Cluster;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Streaming;

/// <summary>Gets the current number for requests that do not wait for the next one.</summary>
internal sealed class CurrentNumber(Feeds feeds, ICluster cluster, PresenceClient presence, TimeProvider clock)
{
    /// <summary>
    /// The number that streams of this gateway show. Without such a stream, the number of the cluster. Not live while the gateway is stopping.
    /// </summary>
    /// <param name="key">The number.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <param name="status">The cluster's recent status of the number, which saves a request to the cluster. Null when there is none.</param>
    /// <exception cref="ClusterUnavailableException">No stream of this gateway shows the number, and the cluster does not answer.</exception>
    public async ValueTask<DisplayedCount> GetAsync(CountKey key, CancellationToken cancellationToken, CountStatus? status = null)
    {
        if (Find(key) is { } shown)
        {
            return shown;
        }

        return new DisplayedCount(await AskAsync(key, status, cancellationToken), !feeds.IsFrozen);
    }

    /// <summary>
    /// The same, but while the cluster does not answer, the number is this gateway's own and not live. Does not wait for the cluster then.
    /// </summary>
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
                // The cluster connection has logged it.
            }
        }

        return Estimate(key);
    }

    /// <summary>The same for several numbers of one site, with at most one request to the cluster.</summary>
    public async ValueTask<IReadOnlyList<DisplayedCount>> GetKnownAsync(string site, IReadOnlyList<CountKey> keys, CancellationToken cancellationToken)
    {
        var missing = keys.Where(key => Find(key) is null).ToList();
        Dictionary<CountKey, long> asked = [];
        if (missing.Count > 0 && presence.IsConnected)
        {
            try
            {
                asked = missing.Zip(await cluster.CountAsync(site, missing, cancellationToken)).ToDictionary();
            }
            catch (ClusterUnavailableException)
            {
                // The cluster connection has logged it.
            }
        }

        return [.. keys.Select(key => Find(key) ?? (asked.TryGetValue(key, out var viewers) ? new DisplayedCount(viewers, !feeds.IsFrozen) : Estimate(key)))];
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

    private DisplayedCount? Find(CountKey key) =>
        feeds.Find(key) is { } feed && (feed.IsKnown || feeds.IsFrozen) ? new DisplayedCount(feed.Number, !feeds.IsFrozen) : null;

    private DisplayedCount Estimate(CountKey key) => new(feeds.Find(key)?.Number ?? presence.Estimate(key), Live: false);
}
