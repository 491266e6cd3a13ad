namespace Counter.Grains.Messages;

/// <summary>Who is alive, as the registry tells the silos.</summary>
/// <param name="Registry">Names the activation of the registry: a new one does not know everybody yet.</param>
/// <param name="Version">Rises with every change that one activation makes.</param>
/// <param name="Gateways">The gateways that are heard, and the client that each reports through.</param>
/// <param name="Listeners">The clients that listen.</param>
/// <param name="Left">The gateways that have stopped lately, though an activation before may have known them.</param>
[GenerateSerializer, Immutable, Alias("counter.LiveSet")]
internal sealed record LiveSet(
    [property: Id(0)] long Registry,
    [property: Id(1)] long Version,
    [property: Id(2)] IReadOnlyDictionary<string, Guid> Gateways,
    [property: Id(3)] IReadOnlyDictionary<Guid, Listener> Listeners,
    [property: Id(4)] IReadOnlyCollection<string> Left)
{
    /// <summary>Nobody yet.</summary>
    public static LiveSet Empty { get; } = new(0, 0, new Dictionary<string, Guid>(), new Dictionary<Guid, Listener>(), []);
}

/// <summary>A client that listens.</summary>
/// <param name="Inbox">The stream that it reads; a new one whenever the old one has gone quiet.</param>
/// <param name="All">Whether it wants every change, of whatever page.</param>
[GenerateSerializer, Immutable, Alias("counter.Listener")]
internal readonly record struct Listener([property: Id(0)] Guid Inbox, [property: Id(1)] bool All);
