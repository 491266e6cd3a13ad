namespace Counter.Grains.Messages;

/// <summary>Who is alive, as the registry tells the silos.</summary>
/// <param name="Registry">Names the activation of the registry: a new one does not know everybody yet.</param>
/// <param name="Version">Rises with every change that one activation makes.</param>
/// <param name="Gateways">The gateways that are heard, and the client that each reports through.</param>
/// <param name="Listeners">The clients that listen, and the stream that each reads: a new one whenever the old one has gone quiet.</param>
/// <param name="Left">The gateways that have stopped lately, though an activation before may have known them.</param>
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
