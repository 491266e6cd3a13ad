using Counter.Counting.Cluster;

namespace Counter.Grains.Messages;

/// <summary>The sites of a silo that changed.</summary>
/// <param name="Mark">What to ask with the next time.</param>
/// <param name="Sites">The sites as they are now.</param>
[GenerateSerializer, Immutable, Alias("counter.SiteNews")]
internal sealed record SiteUpdates([property: Id(0)] long Mark, [property: Id(1)] IReadOnlyList<SiteState> Sites);

/// <summary>How a site stands.</summary>
/// <param name="Status">Its numbers.</param>
/// <param name="ActivePages">The pages that somebody looks at.</param>
/// <param name="SeenAt">When it was last heard of.</param>
[GenerateSerializer, Immutable, Alias("counter.SiteStand")]
internal sealed record SiteState([property: Id(0)] SiteStatus Status, [property: Id(1)] int ActivePages, [property: Id(2)] DateTimeOffset SeenAt);
