using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Counting.Pages;

namespace Counter.Counting.Embedded;

/// <content>What operators ask for: lists, resets and deletions. Nothing here is in the way of a frame.</content>
public sealed partial class EmbeddedCluster
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<GatewayStatus>> ListGatewaysAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return ValueTask.FromResult(gateways.All);
        }
    }

    /// <inheritdoc/>
    public ValueTask<ClusterTotals> GetTotalsAsync(CancellationToken cancellationToken)
    {
        var registered = documents.Ids(DocumentKind.Site);
        lock (gate)
        {
            var all = sites.Values.Select(e => e.Counter).ToList();
            return ValueTask.FromResult(new ClusterTotals(
                (int)Math.Min(int.MaxValue, all.Sum(s => (long)s.Tally.Viewers)),
                all.Sum(s => s.Tally.Arrivals),
                all.Sum(s => s.ActivePageCount),
                all.Sum(s => s.PageCount),
                sites.Count + registered.Count(site => !sites.ContainsKey(site))));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SiteStatus>> ListSitesAsync(CountQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var registered = documents.Ids(DocumentKind.Site);
        lock (gate)
        {
            var counted = sites.Values.Select(e => new SiteStatus(e.Counter.Tally.Status(CountKey.ForSite(e.Counter.Site)), e.Counter.PageCount));
            var others = registered.Where(site => !sites.ContainsKey(site))
                .Select(site => new SiteStatus(CountStatus.Unseen(CountKey.ForSite(site)), 0));
            return ValueTask.FromResult(query.Select(counted.Concat(others), s => s.Count));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<CountStatus>> ListPagesAsync(string site, CountQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        lock (gate)
        {
            return ValueTask.FromResult(query.Select(sites.GetValueOrDefault(site)?.Counter.Pages ?? [], s => s));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<CountStatus>> ListBusiestAsync(int most, CancellationToken cancellationToken)
    {
        List<CountStatus> active;
        lock (gate)
        {
            active = [.. sites.Values.SelectMany(e => e.Counter.ActivePages)];
        }

        return ValueTask.FromResult<IReadOnlyList<CountStatus>>(
        [
            .. active.OrderByDescending(p => p.Viewers).ThenBy(p => p.Key.Site, StringComparer.Ordinal)
                .ThenBy(p => p.Key.Path, StringComparer.Ordinal).Take(most),
        ]);
    }

    /// <inheritdoc/>
    public ValueTask<bool> ResetAsync(CountKey key, CancellationToken cancellationToken) => ValueTask.FromResult(Reset(key, forget: false));

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(CountKey key, CancellationToken cancellationToken) => ValueTask.FromResult(Reset(key, forget: true));

    private bool Reset(CountKey key, bool forget)
    {
        var now = clock.GetUtcNow();
        lock (gate)
        {
            if (!sites.TryGetValue(key.Site, out var entry) || (entry.Counter.PageCount == 0 && entry.Counter.Tally.Since is null))
            {
                return false;
            }

            entry.Changed = true;
            if (key.Of == CountOf.Page)
            {
                return entry.Counter.Reset(key.Path, forget, now);
            }

            entry.Counter.Reset(forget, now);

            // The next step forgets a site without pages, and its file.
            entry.TidiedAt = forget ? DateTimeOffset.MinValue : entry.TidiedAt;
            return true;
        }
    }
}
