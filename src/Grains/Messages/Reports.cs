namespace Counter.Grains.Messages;

/// <summary>How much is counted in all.</summary>
/// <param name="Sites">The most sites.</param>
/// <param name="Pages">The most pages of all sites.</param>
/// <param name="PagesPerSite">The most pages of the site.</param>
[GenerateSerializer, Immutable, Alias("counter.MostCounted")]
internal readonly record struct MostCounted([property: Id(0)] int Sites, [property: Id(1)] int Pages, [property: Id(2)] int PagesPerSite);

/// <summary>The answer of a site to reports about its pages.</summary>
/// <param name="Refused">The paths of pages that are not counted, since there are as many as there may be.</param>
/// <param name="Newest">The highest number of a report that one of the pages has taken, when a report of now is behind it; else 0.</param>
[GenerateSerializer, Immutable, Alias("counter.SiteReply")]
internal sealed record SiteReply([property: Id(0)] IReadOnlyList<string> Refused, [property: Id(1)] long Newest);
