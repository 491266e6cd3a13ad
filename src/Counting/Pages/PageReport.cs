namespace Counter.Counting.Pages;

/// <summary>The state of one page: absolute numbers, never differences.</summary>
/// <param name="Page">The page.</param>
/// <param name="Opened">The version since which the presence of the site has this page; <paramref name="Arrivals"/> counts from there.</param>
/// <param name="Sequence">Rises with every report. A report with a lower or equal number is ignored.</param>
/// <param name="Viewers">The viewers now, 0 or more.</param>
/// <param name="Arrivals">The viewers that arrived since <paramref name="Opened"/>.</param>
[GenerateSerializer, Immutable, Alias("counter.PageReport")]
public readonly record struct PageReport(PageKey Page, long Opened, long Sequence, int Viewers, long Arrivals);
