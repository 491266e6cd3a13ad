using Counter.Counting.Totals;

namespace Counter.Grains.Pages;

/// <summary>The stored state of a page.</summary>
/// <param name="Site">The site.</param>
/// <param name="Path">The path.</param>
/// <param name="Total">Peak, arrivals and history.</param>
/// <param name="Opened">The report from which <paramref name="Arrivals"/> are counted.</param>
/// <param name="Arrivals">The arrivals that were counted since that report, so that an arrival that is reported again counts once.</param>
internal sealed record StoredPage(string Site, string Path, TallyState Total, long Opened = 0, long Arrivals = 0);
