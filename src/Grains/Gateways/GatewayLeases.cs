using Counter.Counting.Cluster;

namespace Counter.Grains.Gateways;

/// <summary>The gateways with a valid lease. Not safe for concurrent use.</summary>
internal sealed class GatewayLeases(TimeSpan leaseDuration)
{
    private readonly Dictionary<string, GatewayStatus> gateways = [];

    /// <summary>All gateways, by name.</summary>
    public IReadOnlyList<GatewayStatus> All =>
        [.. gateways.Values.OrderBy(g => g.State.Name, StringComparer.Ordinal).ThenBy(g => g.State.StartedAt)];

    /// <summary>Whether somebody watches the monitor at any gateway.</summary>
    public bool IsWatched => gateways.Values.Any(g => g.State.IsWatched);

    /// <summary>Whether a gateway has a valid lease.</summary>
    public bool Contains(string id) => gateways.ContainsKey(id);

    /// <summary>Renews the lease of a gateway and stores its state.</summary>
    /// <returns>Whether it had a valid lease.</returns>
    public bool Renew(GatewayState state, DateTimeOffset now)
    {
        var known = gateways.ContainsKey(state.Id);
        gateways[state.Id] = new GatewayStatus(state, now);
        return known;
    }

    /// <summary>Removes a gateway.</summary>
    public void Remove(string id) => gateways.Remove(id);

    /// <summary>Removes the gateways whose leases have expired.</summary>
    /// <returns>The ids of the removed gateways.</returns>
    public IReadOnlyList<string> Expire(DateTimeOffset now)
    {
        List<string> ended = [.. gateways.Where(g => g.Value.SeenAt + leaseDuration <= now).Select(g => g.Key)];
        ended.ForEach(id => gateways.Remove(id));
        return ended;
    }
}
