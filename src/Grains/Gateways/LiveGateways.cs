using Counter.Grains.Messages;
using Microsoft.Extensions.DependencyInjection;

namespace Counter.Grains.Gateways;

/// <summary>The live gateways, as the registry last reported them to this silo. Safe for concurrent use.</summary>
/// <remarks>
/// A new activation of the registry does not know all gateways yet. Those of the previous activation therefore count as live for one more
/// lease, unless they stop.
/// </remarks>
internal sealed class LiveGateways(CountingOptions options, IServiceProvider services)
{
    private readonly Lock gate = new();
    private volatile State state = new(GatewaySet.Empty, [], default, null);
    private Task<GatewaySet>? asking;

    /// <summary>The clients that listen, and the inbox of each.</summary>
    public IReadOnlyDictionary<Guid, Guid> Listeners => state.Set.Listeners;

    /// <summary>Whether somebody watches the monitor at any gateway.</summary>
    public bool IsWatched => state.Set.IsWatched;

    /// <summary>
    /// All live gateways; null until this silo has polled for a lease. The registry may have started with the silo, and then does not know all.
    /// </summary>
    public IEnumerable<string>? All =>
        state is { Since: { } since } now && options.Now - since >= options.LeaseDuration ? now.Set.Gateways.Keys.Concat(now.Carried.Keys) : null;

    /// <summary>Whether a gateway is live, according to the last report of the registry.</summary>
    public bool IsLive(string gateway) => state.Set.Gateways.ContainsKey(gateway) || state.Carried.ContainsKey(gateway);

    /// <summary>The client that a gateway reports through.</summary>
    public Guid? ClientOf(string gateway) =>
        state is var now && (now.Set.Gateways.TryGetValue(gateway, out var client) || now.Carried.TryGetValue(gateway, out client)) ? client : null;

    /// <summary>Whether a gateway is live. Polls the registry for an unknown gateway, which may be new.</summary>
    public async ValueTask<bool> IsLiveAsync(string gateway)
    {
        if (IsLive(gateway))
        {
            return true;
        }

        Apply(await AskAsync());
        return IsLive(gateway);
    }

    /// <summary>Polls the registry. The result is to be passed to <see cref="Apply"/>.</summary>
    public Task<GatewaySet> PollAsync() => services.GetRequiredService<IGrainFactory>().GetGrain<IGatewayRegistryGrain>(0).PollAsync();

    /// <summary>Applies a report of the registry. An outdated one is ignored.</summary>
    public void Apply(GatewaySet set)
    {
        lock (gate)
        {
            var (known, carried, until) = (state.Set, state.Carried, state.Until);
            if (set.Registry == known.Registry && set.Version < known.Version)
            {
                return;
            }

            if (set.Registry != known.Registry && known.Registry != 0)
            {
                carried = carried.Concat(known.Gateways).DistinctBy(g => g.Key).ToDictionary();
                until = options.Now + options.LeaseDuration;
            }

            state = new State(set, options.Now < until ? carried.Where(g => !set.Left.Contains(g.Key)).ToDictionary() : [], until, state.Since ?? options.Now);
        }
    }

    private async Task<GatewaySet> AskAsync()
    {
        // A thousand pages that see a new gateway share one poll.
        Task<GatewaySet> question;
        lock (gate)
        {
            question = asking is { IsCompleted: false } ? asking : asking = PollAsync();
        }

        return await question;
    }

    private sealed record State(GatewaySet Set, Dictionary<string, Guid> Carried, DateTimeOffset Until, DateTimeOffset? Since);
}
