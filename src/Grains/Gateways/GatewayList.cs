using Counter.Counting.Cluster;

namespace Counter.Grains.Gateways;

/// <summary>The gateways that were heard lately. Not safe for concurrent use.</summary>
internal sealed class GatewayList(TimeSpan leaseDuration)
{
    private readonly Dictionary<string, GatewayStatus> gateways = [];

    /// <summary>The gateways whose leases have not ended, by name.</summary>
    public IReadOnlyList<GatewayStatus> All =>
        [.. gateways.Values.OrderBy(g => g.State.Name, StringComparer.Ordinal).ThenBy(g => g.State.StartedAt)];

    /// <summary>Whether somebody watches the monitor at one of them.</summary>
    public bool IsWatched => gateways.Values.Any(g => g.State.IsWatched);

    /// <summary>Whether a gateway's lease has not ended.</summary>
    public bool Knows(string id) => gateways.ContainsKey(id);

    /// <summary>Takes what a gateway says of itself.</summary>
    /// <returns>Whether it was known.</returns>
    public bool Renew(GatewayState state, DateTimeOffset now)
    {
        var known = gateways.ContainsKey(state.Id);
        gateways[state.Id] = new GatewayStatus(state, now);
        return known;
    }

    /// <summary>Forgets a gateway.</summary>
    public void Remove(string id) => gateways.Remove(id);

    /// <summary>Forgets gateways that were not heard in time.</summary>
    /// <returns>Those that were forgotten.</returns>
    public IReadOnlyList<string> Expire(DateTimeOffset now)
    {
        List<string> ended = [.. gateways.Where(g => g.Value.SeenAt + leaseDuration <= now).Select(g => g.Key)];
        ended.ForEach(id => gateways.Remove(id));
        return ended;
    }
}
