using Counter.Counting.Cluster;
using Counter.Grains.Messages;

namespace Counter.Grains.Gateways;

/// <summary>
/// Knows which gateways are alive; there is one, with the key 0. A gateway says so every 5 s for all its pages at once, and silos ask
/// every second, so a million pages do not mean a million renewals.
/// </summary>
[Alias("counter.IGatewayRegistryGrain")]
internal interface IGatewayRegistryGrain : IGrainWithIntegerKey
{
    /// <summary>A gateway says that it lives. As <see cref="ICluster.RenewAsync"/>; a gateway also reports everything again when a silo has gone.</summary>
    [Alias("Renew")]
    Task<bool> RenewAsync(GatewayState state, Guid client);

    /// <summary>A gateway stops. Its viewers are gone from every silo when this returns.</summary>
    [Alias("Leave")]
    Task LeaveAsync(string gateway);

    /// <summary>The gateways that are heard, by name.</summary>
    [Alias("List")]
    Task<IReadOnlyList<GatewayStatus>> ListAsync();

    /// <summary>A client listens at an inbox; it says so again every second or two.</summary>
    /// <returns>False when it was not known to, so that it may have missed something.</returns>
    [Alias("Listen")]
    Task<bool> SubscribeAsync(Guid client, Guid inbox);

    /// <summary>A client does not listen any more.</summary>
    [Alias("Deafen")]
    Task UnsubscribeAsync(Guid client);

    /// <summary>Who is alive, for a silo.</summary>
    [Alias("Poll")]
    Task<GatewaySet> PollAsync();

    /// <summary>
    /// Has every silo look after its pages now. Each does so by itself every second; who asks for it too does no harm, and knows when it
    /// is done.
    /// </summary>
    [Alias("Look")]
    Task RefreshSilosAsync();
}
