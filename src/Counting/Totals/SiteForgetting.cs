using Counter.Counting.History;

namespace Counter.Counting.Totals;

/// <content>What a site forgets: on request, with age, and to make room.</content>
public sealed partial class SiteCounter
{
    // A page that hardly anybody ever came to, and nobody for a while, makes room for a new one when the site is full. Whoever
    // fills a site with invented pages so cannot keep its real ones out.
    internal const int PassersBy = 3;
    internal static readonly TimeSpan Idle = TimeSpan.FromHours(1);

    // To look at every page for each that is refused would hold up everybody while somebody invents pages.
    private static readonly TimeSpan BetweenSearches = TimeSpan.FromSeconds(1);
    private DateTimeOffset searchedAt;

    /// <summary>Forgets peak, arrivals and history of a page.</summary>
    /// <param name="path">The page.</param>
    /// <param name="forget">Whether the page is forgotten altogether when nobody looks at it.</param>
    /// <param name="now">The time.</param>
    /// <returns>False when it is not known.</returns>
    public bool Reset(string path, bool forget, DateTimeOffset now)
    {
        if (!pages.TryGetValue(path, out var page))
        {
            return false;
        }

        page.Reset(now);
        if (forget && page.Tally.Viewers == 0)
        {
            pages.Remove(path);
            leased.Remove(page);
        }

        return true;
    }

    /// <summary>The same for the site and all its pages.</summary>
    /// <param name="forget">Whether pages that nobody looks at are forgotten altogether.</param>
    /// <param name="now">The time.</param>
    public void Reset(bool forget, DateTimeOffset now)
    {
        foreach (var path in pages.Keys.ToList())
        {
            Reset(path, forget, now);
        }

        arrived = 0;
        Tally = Tally.Anew(now);
    }

    /// <summary>Lets go of history that is older than is kept, and of pages that nobody has looked at for as long as any of it is.</summary>
    /// <param name="now">The time.</param>
    /// <returns>Whether pages were forgotten.</returns>
    public bool Tidy(DateTimeOffset now)
    {
        foreach (var page in pages.Values)
        {
            page.Tally.Pass(now);
        }

        return Forget(page => page.Tally.SeenAt + HistoryStep.Day.Keep() < now);
    }

    /// <summary>Lets go of pages that hardly anybody ever came to and that are idle.</summary>
    /// <param name="now">The time.</param>
    /// <returns>Whether pages were forgotten.</returns>
    public bool MakeRoom(DateTimeOffset now) => Forget(page => page.Tally.Arrivals <= PassersBy && page.Tally.SeenAt + Idle < now);

    private bool TryMakeRoom(DateTimeOffset now)
    {
        if ((now - searchedAt).Duration() < BetweenSearches)
        {
            return false;
        }

        searchedAt = now;
        return MakeRoom(now);
    }

    private bool Forget(Func<PageCounter, bool> isOver)
    {
        var count = pages.Count;
        foreach (var (path, page) in pages)
        {
            if (!page.HasLeases && isOver(page))
            {
                pages.Remove(path);
            }
        }

        return pages.Count < count;
    }
}
