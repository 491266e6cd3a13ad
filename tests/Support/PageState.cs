using Counter.Counting.Pages;

namespace Counter.Tests.Support;

/// <summary>The state of a page at a gateway.</summary>
/// <param name="Page">The page.</param>
/// <param name="Viewers">The current viewers.</param>
/// <param name="Arrivals">The viewers that arrived since the test began.</param>
public readonly record struct PageState(PageKey Page, int Viewers, long Arrivals);
