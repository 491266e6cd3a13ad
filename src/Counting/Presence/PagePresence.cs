namespace Counter.Counting.Presence;

/// <summary>What presence knows of a page.</summary>
/// <param name="Streams">The open streams.</param>
/// <param name="Viewers">The views that count.</param>
/// <param name="Suspected">The views that were probably left.</param>
/// <param name="Prerendered">The views that nobody looks at yet.</param>
[GenerateSerializer, Immutable, Alias("counter.PagePresence")]
public sealed record PagePresence(int Streams, int Viewers, int Suspected, int Prerendered = 0);
