using Counter.Counting.Totals;

namespace Counter.Counting.Tests;

/// <summary>What a site that stands still is stored as.</summary>
internal static class SavedSites
{
    public static SiteState Save(this SiteCounter site, DateTimeOffset now) =>
        new(site.Site, site.Tally.Save(now), [.. site.PagesNow().Select(page => page.Save(now)).OfType<PageState>()]);
}
