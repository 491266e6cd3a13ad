using Counter.Counting.Pages;

namespace Counter.Tests.Support;

/// <summary>How a page is at a gateway.</summary>
/// <param name="Page">The page.</param>
/// <param name="Viewers">The viewers there now.</param>
/// <param name="Arrivals">The viewers that came there since the test began.</param>
public readonly record struct Said(PageKey Page, int Viewers, long Arrivals);
