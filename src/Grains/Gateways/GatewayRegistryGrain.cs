using Counter.Counting.Cluster;
using Counter.Grains.Messages;

namespace Counter.Grains.Gateways;

/// <inheritdoc cref="IGatewayRegistryGrain"/>
/// <remarks>
/// The state is in memory only. After a new activation every live gateway renews within 5 s, and silos keep the gateways of the previous
/// activation for one lease.
/// </remarks>
[Reentrant]
internal sealed class GatewayRegistryGrain(CountingOptions options, ISilos silos) : Grain, IGatewayRegistryGrain
{
    // A client that does not renew its subscription for this long gets no batches. This concerns connections, not counting, so it uses the clock
    // of the timers.
    private static readonly TimeSpan SubscriptionLease = TimeSpan.FromSeconds(15);

    private readonly long activation = Random.Shared.NextInt64(1, long.MaxValue);
    private readonly GatewayLeases gateways = new(options.LeaseDuration);
    private readonly Dictionary<string, Guid> clients = [];
    private readonly Dictionary<Guid, (Guid Inbox, long RenewedAt)> listeners = [];
    private readonly HashSet<string> behind = [];
    private readonly Dictionary<string, DateTimeOffset> left = [];
    private readonly LostSilos lost = new();
    private DateTimeOffset checkedAt = options.Now;
    private long version;

    private DateTimeOffset Now => options.Now;

    public async Task<bool> RenewAsync(GatewayState state, Guid client)
    {
        ExpireSilent();
        var wasWatched = gateways.IsWatched;
        var known = gateways.Renew(state, Now);
        var moved = !clients.TryGetValue(state.Id, out var before) || before != client;
        clients[state.Id] = client;
        left.Remove(state.Id);
        if (!known || moved || wasWatched != gateways.IsWatched)
        {
            // Every silo must know the gateway before its first report arrives.
            version++;
            await PublishAsync();
        }

        return known & !behind.Remove(state.Id);
    }

    public async Task LeaveAsync(string gateway)
    {
        Forget(gateway);

        // Silos may know the gateway from a previous activation of this grain.
        left[gateway] = Now;
        version++;
        await PublishAsync();
    }

    public Task<IReadOnlyList<GatewayStatus>> ListAsync() => Task.FromResult(gateways.All);

    public async Task<bool> SubscribeAsync(Guid client, Guid inbox)
    {
        var known = listeners.TryGetValue(client, out var before) && before.Inbox == inbox;
        listeners[client] = (inbox, options.Timers.GetTimestamp());
        if (!known)
        {
            version++;
            await PublishAsync();
        }

        return known;
    }

    public Task UnsubscribeAsync(Guid client)
    {
        version += listeners.Remove(client) ? 1 : 0;
        return Task.CompletedTask;
    }

    public Task<GatewaySet> PollAsync()
    {
        ExpireSilent();
        return Task.FromResult(Live());
    }

    public Task RefreshSilosAsync()
    {
        ExpireSilent();
        return PublishAsync();
    }

    private GatewaySet Live() => new(activation, version, new Dictionary<string, Guid>(clients), listeners.ToDictionary(l => l.Key, l => l.Value.Inbox), [.. left.Keys], gateways.IsWatched);

    private async Task PublishAsync()
    {
        var live = Live();
        await silos.AskAllAsync(async (_, silo) =>
        {
            await silo.ApplyAsync(live);
            return true;
        });
    }

    /// <summary>Expires gateways and listeners that did not renew, and detects lost silos.</summary>
    private void ExpireSilent()
    {
        // A suspended machine could not receive renewals, so every gateway gets a new lease after it resumes.
        var slept = Now - checkedAt > options.LeaseDuration;
        checkedAt = Now;
        if (slept)
        {
            foreach (var gateway in gateways.All)
            {
                gateways.Renew(gateway.State, Now);
            }
        }

        foreach (var ended in gateways.Expire(Now))
        {
            Forget(ended);
        }

        // Kept for longer than silos keep the gateways of a previous activation.
        foreach (var gateway in left.Where(l => (Now - l.Value).Duration() > 2 * options.LeaseDuration).Select(l => l.Key).ToList())
        {
            left.Remove(gateway);
        }

        foreach (var (client, _) in listeners.Where(l => options.Timers.GetElapsedTime(l.Value.RenewedAt) > SubscriptionLease).ToList())
        {
            listeners.Remove(client);
            version++;
        }

        // The counts of a silo that is leaving or gone must be reported again.
        if (lost.DetectLoss(silos.Active, silos.Leaving))
        {
            behind.UnionWith(clients.Keys);
        }
    }

    private void Forget(string gateway)
    {
        gateways.Remove(gateway);
        behind.Remove(gateway);
        version += clients.Remove(gateway) ? 1 : 0;
    }
}
