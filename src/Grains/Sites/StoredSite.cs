using Counter.Counting.Totals;
using Counter.Grains.Messages;
using Counter.Grains.Pages;

namespace Counter.Grains.Sites;

/// <summary>The stored record of a site.</summary>
/// <param name="Total">Peak, arrivals and history of the site.</param>
/// <param name="Pages">The pages of the site if they are one part; else none.</param>
/// <param name="Parts">The number of parts, see <see cref="SiteParts"/>.</param>
internal sealed record StoredSite(TallyState Total, IReadOnlyList<PageStatus> Pages, int Parts);

/// <summary>A stored part of the pages of a site.</summary>
/// <param name="Pages">The pages in the part.</param>
internal sealed record StoredPart(IReadOnlyList<PageStatus> Pages);

/// <summary>The stored list of sites.</summary>
/// <param name="Sites">The sites with their last known states.</param>
/// <param name="TidiedUpTo">The time as of which expired pages were last deleted.</param>
internal sealed record StoredDirectory(IReadOnlyList<SiteState> Sites, DateTimeOffset TidiedUpTo);
