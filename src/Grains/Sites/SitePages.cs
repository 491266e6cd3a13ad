using Counter.Counting.Cluster;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Counting.Totals;
using Counter.Grains.Messages;
using Counter.Grains.Pages;

namespace Counter.Grains.Sites;

/// <summary>
/// The pages of one site as their grains last said they are, and their sum. Pure: the time comes in, nothing goes out. Not safe for
/// concurrent use.
/// </summary>
/// <param name="site">The site.</param>
/// <param name="tally">The number of the whole site.</param>
internal sealed class SitePages(string site, Tally tally)
{
    private readonly Dictionary<string, PageStatus> pages = new(StringComparer.Ordinal);
    private readonly HashSet<string> reserved = new(StringComparer.Ordinal);
    private long viewers;
    private long arrived;

    /// <summary>The number of the whole site.</summary>
    public Tally Tally { get; private set; } = tally;

    /// <summary>How the pages are stored.</summary>
    public SiteParts Parts { get; } = new();

    /// <summary>How many pages are known.</summary>
    public int Count => pages.Count;

    /// <summary>How many there are with those that are about to be known.</summary>
    public int Taken => pages.Count + reserved.Count;

    /// <summary>Whether no page is known, and none is about to be.</summary>
    public bool IsEmpty => Taken == 0;

    /// <summary>How many of them somebody looks at.</summary>
    public int Active { get; private set; }

    /// <summary>The pages.</summary>
    public IReadOnlyCollection<PageStatus> All => pages.Values;

    /// <summary>The whole site as it is listed.</summary>
    public SiteState Stand => new(new SiteStatus(Tally.Status(CountKey.ForSite(site)), Count), Active, Tally.SeenAt);

    /// <summary>What is known of a page; null when nothing is.</summary>
    public PageStatus? Find(string path) => pages.GetValueOrDefault(path);

    /// <summary>Whether there is room for a page; one that is not known yet gets a place until it is learnt of or released.</summary>
    public bool TryReserve(string path, int most)
    {
        if (pages.ContainsKey(path) || reserved.Contains(path))
        {
            return true;
        }

        if (Taken >= most)
        {
            return false;
        }

        reserved.Add(path);
        return true;
    }

    /// <summary>A place is not needed any longer.</summary>
    public void Release(string path) => reserved.Remove(path);

    /// <summary>The pages that have viewers.</summary>
    public IEnumerable<PageStatus> Viewed => pages.Values.Where(page => page.Viewers > 0);

    /// <summary>Takes how a page is, unless something newer is known. The sum follows at the next <see cref="Settle"/>.</summary>
    public void Apply(PageStatus status)
    {
        var known = pages.GetValueOrDefault(status.Path);
        if (known is null || known.Version <= status.Version)
        {
            Take(status, known);
        }
    }

    /// <summary>Takes a page that was stored: nobody looks at it until its grain says so, and its arrivals are counted already.</summary>
    public void Restore(PageStatus stored) => pages[stored.Path] = stored;

    /// <summary>A page was reset: its arrivals begin at 0 again, and those of the site stay.</summary>
    public void Renew(PageStatus status)
    {
        var counted = arrived;
        if (pages.TryGetValue(status.Path, out var known))
        {
            pages[status.Path] = known with { Arrivals = 0, Since = null };
            Parts.Change(status.Path);
        }

        known = pages.GetValueOrDefault(status.Path);
        Take(known?.Version > status.Version ? status with { Version = known.Version, Viewers = known.Viewers } : status, known);
        arrived = counted;
    }

    /// <summary>Forgets a page that nobody looks at.</summary>
    public void Forget(string path)
    {
        if (pages.Remove(path, out var known))
        {
            Parts.Change(path);
            viewers -= known.Viewers;
            Active -= known.Viewers > 0 ? 1 : 0;
        }
    }

    /// <summary>Brings the sum up to the pages.</summary>
    /// <returns>Whether the viewers changed.</returns>
    public bool Settle(DateTimeOffset now)
    {
        var came = arrived;
        arrived = 0;
        return Tally.Observe(viewers, came, now);
    }

    /// <summary>The same viewers without a past.</summary>
    public void Reset(DateTimeOffset now)
    {
        arrived = 0;
        Tally = Tally.Anew(now);
    }

    /// <summary>Pages that were last heard of so long before a time that nothing of their history is kept.</summary>
    public IReadOnlyList<string> Forgotten(DateTimeOffset asOf) =>
        [.. pages.Values.Where(p => p.Viewers == 0 && p.SeenAt + HistoryStep.Day.Keep() < asOf).Select(p => p.Path)];

    /// <summary>
    /// Pages that nobody looks at, those that are worth least first: few ever came, and long ago. They make room for new ones, so whoever
    /// fills a site with invented pages cannot keep its real ones out.
    /// </summary>
    public IReadOnlyList<string> LeastWorth(int most) =>
        [.. pages.Values.Where(p => p.Viewers == 0).OrderBy(p => p.Arrivals).ThenBy(p => p.SeenAt).Take(most).Select(p => p.Path)];

    /// <summary>A page whose silo was killed begins anew with fewer arrivals, and is told of some once more: they are counted already.</summary>
    private static PageStatus Merge(PageStatus status, PageStatus? known) =>
        known?.Arrivals > status.Arrivals ? status with { Arrivals = known.Arrivals, Since = status.Since ?? known.Since } : status;

    private void Take(PageStatus status, PageStatus? known)
    {
        status = Merge(status, known);
        Parts.Change(status.Path);
        viewers += status.Viewers - (known?.Viewers ?? 0);
        arrived += status.Arrivals - (known?.Arrivals ?? 0);
        Active += (status.Viewers > 0 ? 1 : 0) - (known?.Viewers > 0 ? 1 : 0);
        if (status.Since is null && status.Viewers == 0)
        {
            // Nobody is there, and nobody ever was.
            pages.Remove(status.Path);
        }
        else
        {
            pages[status.Path] = status;
        }
    }
}
