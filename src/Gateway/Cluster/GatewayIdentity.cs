namespace Counter.Gateway.Cluster;

/// <summary>The identity of this gateway in the cluster.</summary>
internal sealed class GatewayIdentity
{
    /// <summary>The id of this run of the process.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");
}
