namespace Counter.Counting.Presence;

/// <summary>The streams and views of a page.</summary>
/// <param name="Streams">The open streams.</param>
/// <param name="Viewers">The views that count.</param>
/// <param name="Suspected">The views that were probably left, and do not count.</param>
/// <param name="Prerendered">The prerendered views that are not shown yet, and do not count.</param>
[GenerateSerializer, Immutable, Alias("counter.PagePresence")]
public sealed record PageStreamCounts(int Streams, int Viewers, int Suspected, int Prerendered = 0);
