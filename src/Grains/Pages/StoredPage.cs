using Counter.Counting.Totals;

namespace Counter.Grains.Pages;

/// <summary>What is stored of a page.</summary>
/// <param name="Site">The site.</param>
/// <param name="Path">The path.</param>
/// <param name="Total">Peak, arrivals and history.</param>
/// <param name="Opened">Since which report <paramref name="Arrivals"/> are counted.</param>
/// <param name="Arrivals">The arrivals that are counted since then, so that one that is reported again is counted once.</param>
internal sealed record StoredPage(string Site, string Path, TallyState Total, long Opened = 0, long Arrivals = 0);
