using Counter.Counting.Totals;
using Counter.Grains.Messages;
using Counter.Grains.Pages;

namespace Counter.Grains.Sites;

/// <summary>What is stored of a site.</summary>
/// <param name="Total">Its own peak, arrivals and history.</param>
/// <param name="Pages">Its pages as they were when it was stored, when they are one part.</param>
/// <param name="Parts">In how many parts they are stored, see <see cref="SiteParts"/>.</param>
internal sealed record StoredSite(TallyState Total, IReadOnlyList<PageStatus> Pages, int Parts);

/// <summary>What is stored of a part of the pages of a site that has many.</summary>
/// <param name="Pages">The pages as they were when it was stored.</param>
internal sealed record StoredPart(IReadOnlyList<PageStatus> Pages);

/// <summary>What is stored of the list of sites.</summary>
/// <param name="Sites">The sites as they were when it was stored.</param>
/// <param name="TidiedUpTo">As of when old pages were let go of.</param>
internal sealed record StoredDirectory(IReadOnlyList<SiteState> Sites, DateTimeOffset TidiedUpTo);
