using Counter.Counting.Totals;
using Counter.Grains.Messages;

namespace Counter.Grains.Sites;

/// <summary>What is stored of a site.</summary>
/// <param name="Total">Its own peak, arrivals and history.</param>
/// <param name="Pages">Its pages as they were when it was stored.</param>
internal sealed record StoredSite(TallyState Total, IReadOnlyList<PageNews> Pages);

/// <summary>What is stored of the list of sites.</summary>
/// <param name="Sites">The sites as they were when it was stored.</param>
internal sealed record StoredDirectory(IReadOnlyList<SiteStand> Sites);
