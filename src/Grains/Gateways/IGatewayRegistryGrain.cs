using Counter.Counting.Cluster;
using Counter.Grains.Messages;

namespace Counter.Grains.Gateways;

/// <summary>
/// The registry of the live gateways. There is one, with the key 0. A gateway renews one lease for all its pages every 5 s, and silos poll
/// every second, so a million pages do not need a million renewals.
/// </summary>
[Alias("counter.IGatewayRegistryGrain")]
internal interface IGatewayRegistryGrain : IGrainWithIntegerKey
{
    /// <summary>Renews the lease of a gateway, as <see cref="ICluster.RenewAsync"/> does. Returns false also once after a silo was lost.</summary>
    [Alias("Renew")]
    Task<bool> RenewAsync(GatewayState state, Guid client);

    /// <summary>Removes a gateway that stops. When this returns, every silo has dropped its viewers.</summary>
    [Alias("Leave")]
    Task LeaveAsync(string gateway);

    /// <summary>The gateways with a valid lease, by name.</summary>
    [Alias("List")]
    Task<IReadOnlyList<GatewayStatus>> ListAsync();

    /// <summary>Registers the inbox of a client. To be repeated every second or two.</summary>
    /// <returns>False when the inbox was not registered, so the client may have missed batches.</returns>
    [Alias("Listen")]
    Task<bool> SubscribeAsync(Guid client, Guid inbox);

    /// <summary>Unregisters the inbox of a client.</summary>
    [Alias("Deafen")]
    Task UnsubscribeAsync(Guid client);

    /// <summary>The live gateways and the listeners, for a silo.</summary>
    [Alias("Poll")]
    Task<GatewaySet> PollAsync();

    /// <summary>
    /// Runs the maintenance of every silo now, and completes afterwards. Each silo also runs it on its own every second, and more runs do no
    /// harm.
    /// </summary>
    [Alias("Look")]
    Task RefreshSilosAsync();
}
