namespace Counter.Gateway.Cluster;

/// <summary>Who this gateway is in the cluster.</summary>
internal sealed class GatewayIdentity
{
    /// <summary>Names this run of this process.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");
}
