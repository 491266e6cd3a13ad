namespace Counter.Grains.Messages;

/// <summary>The live gateways, as the registry sends them to the silos.</summary>
/// <param name="Registry">Identifies the activation of the registry. A new one does not know all gateways yet.</param>
/// <param name="Version">Increases with every change by one activation.</param>
/// <param name="Gateways">The live gateways, each with the client that it reports through.</param>
/// <param name="Listeners">The subscribed clients, each with the stream that it reads. A client whose stream is silent opens a new one.</param>
/// <param name="Left">The gateways that stopped lately. An earlier activation may still list them as alive.</param>
/// <param name="IsWatched">Whether somebody watches the monitor at one of them.</param>
[GenerateSerializer, Immutable, Alias("counter.LiveSet2")]
internal sealed record GatewaySet(
    [property: Id(0)] long Registry,
    [property: Id(1)] long Version,
    [property: Id(2)] IReadOnlyDictionary<string, Guid> Gateways,
    [property: Id(3)] IReadOnlyDictionary<Guid, Guid> Listeners,
    [property: Id(4)] IReadOnlyCollection<string> Left,
    [property: Id(5)] bool IsWatched = false)
{
    /// <summary>A set without gateways.</summary>
    public static GatewaySet Empty { get; } = new(0, 0, new Dictionary<string, Guid>(), new Dictionary<Guid, Guid>(), []);
}
