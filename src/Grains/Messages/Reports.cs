namespace Counter.Grains.Messages;

/// <summary>The limits of sites and pages.</summary>
/// <param name="Sites">The maximum number of sites.</param>
/// <param name="Pages">The maximum number of pages of all sites together.</param>
/// <param name="PagesPerSite">The maximum number of pages of one site.</param>
[GenerateSerializer, Immutable, Alias("counter.MostCounted")]
internal readonly record struct MostCounted([property: Id(0)] int Sites, [property: Id(1)] int Pages, [property: Id(2)] int PagesPerSite);

/// <summary>The answer of a site to reports about its pages.</summary>
/// <param name="Refused">The paths of the pages that are over a limit and not counted.</param>
/// <param name="Newest">The highest report number that a page has already applied, if it is above the number of its new report; else 0.</param>
[GenerateSerializer, Immutable, Alias("counter.SiteReply")]
internal sealed record SiteReply([property: Id(0)] IReadOnlyList<string> Refused, [property: Id(1)] long Newest);
