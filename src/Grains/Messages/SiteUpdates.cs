using Counter.Counting.Cluster;

namespace Counter.Grains.Messages;

/// <summary>The sites of a silo that changed.</summary>
/// <param name="Mark">The mark for the next request.</param>
/// <param name="Sites">The current states of the sites.</param>
[GenerateSerializer, Immutable, Alias("counter.SiteNews")]
internal sealed record SiteUpdates([property: Id(0)] long Mark, [property: Id(1)] IReadOnlyList<SiteState> Sites);

/// <summary>The current state of a site.</summary>
/// <param name="Status">The numbers of the site.</param>
/// <param name="ActivePages">The number of pages with viewers.</param>
/// <param name="SeenAt">When the site was last seen.</param>
[GenerateSerializer, Immutable, Alias("counter.SiteStand")]
internal sealed record SiteState([property: Id(0)] SiteStatus Status, [property: Id(1)] int ActivePages, [property: Id(2)] DateTimeOffset SeenAt);
