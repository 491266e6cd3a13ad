using Counter.Counting.Cluster;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Counting.Totals;
using Counter.Grains.Messages;
using Counter.Grains.Pages;

namespace Counter.Grains.Sites;

/// <summary>
/// The pages of one site with the last status of each, and their sum. It reads no clock and makes no calls. Not safe for concurrent use.
/// </summary>
/// <param name="site">The site.</param>
/// <param name="tally">The totals of the site.</param>
internal sealed class SitePages(string site, Tally tally)
{
    private readonly Dictionary<string, PageStatus> pages = new(StringComparer.Ordinal);
    private readonly HashSet<string> reserved = new(StringComparer.Ordinal);
    private long viewers;
    private long arrived;

    /// <summary>The totals of the site.</summary>
    public Tally Tally { get; private set; } = tally;

    /// <summary>The parts in which the pages are stored.</summary>
    public SiteParts Parts { get; } = new();

    /// <summary>The number of known pages.</summary>
    public int Count => pages.Count;

    /// <summary>The number of known and reserved pages.</summary>
    public int Taken => pages.Count + reserved.Count;

    /// <summary>Whether no page is known or reserved.</summary>
    public bool IsEmpty => Taken == 0;

    /// <summary>The number of pages with viewers.</summary>
    public int Active { get; private set; }

    public IReadOnlyCollection<PageStatus> All => pages.Values;

    /// <summary>The state of the site for the directory.</summary>
    public SiteState Stand => new(new SiteStatus(Tally.Status(CountKey.ForSite(site)), Count), Active, Tally.SeenAt);

    /// <summary>The status of a page; null when it is unknown.</summary>
    public PageStatus? Find(string path) => pages.GetValueOrDefault(path);

    /// <summary>Reserves room for a page. Known and reserved pages already have it. A reservation ends with <see cref="Release"/>.</summary>
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

    /// <summary>Ends a reservation.</summary>
    public void Release(string path) => reserved.Remove(path);

    /// <summary>The pages with viewers.</summary>
    public IEnumerable<PageStatus> Viewed => pages.Values.Where(page => page.Viewers > 0);

    /// <summary>Applies the status of a page, unless a newer one is known. The next <see cref="Settle"/> updates the sum.</summary>
    public void Apply(PageStatus status)
    {
        var known = pages.GetValueOrDefault(status.Path);
        if (known is null || known.Version <= status.Version)
        {
            Take(status, known);
        }
    }

    /// <summary>Adds a stored page. It has no viewers until its grain reports them, and its arrivals are already in the sum.</summary>
    public void Restore(PageStatus stored) => pages[stored.Path] = stored;

    /// <summary>Applies the reset of a page. Its arrivals start at 0 again; those of the site stay.</summary>
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

    /// <summary>Removes a page.</summary>
    public void Forget(string path)
    {
        if (pages.Remove(path, out var known))
        {
            Parts.Change(path);
            viewers -= known.Viewers;
            Active -= known.Viewers > 0 ? 1 : 0;
        }
    }

    /// <summary>Updates the sum from the pages.</summary>
    /// <returns>Whether the viewers changed.</returns>
    public bool Settle(DateTimeOffset now)
    {
        var came = arrived;
        arrived = 0;
        return Tally.Observe(viewers, came, now);
    }

    /// <summary>Clears peak, arrivals and history of the site, and keeps its viewers.</summary>
    public void Reset(DateTimeOffset now)
    {
        arrived = 0;
        Tally = Tally.Anew(now);
    }

    /// <summary>Pages without viewers whose history has expired as of a time.</summary>
    public IReadOnlyList<string> Forgotten(DateTimeOffset asOf) =>
        [.. pages.Values.Where(p => p.Viewers == 0 && p.SeenAt + HistoryStep.Day.Keep() < asOf).Select(p => p.Path)];

    /// <summary>
    /// Pages without viewers, the least valuable first: those with few arrivals, then those that were last seen long ago. They are deleted to make
    /// room for new pages, so that an attacker who invents pages cannot keep real pages out.
    /// </summary>
    public IReadOnlyList<string> LeastWorth(int most) =>
        [.. pages.Values.Where(p => p.Viewers == 0).OrderBy(p => p.Arrivals).ThenBy(p => p.SeenAt).Take(most).Select(p => p.Path)];

    /// <summary>
    /// Keeps the higher number of arrivals. A page whose silo was killed starts with fewer, and counts some arrivals again that the sum already has.
    /// </summary>
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
            // The page has no viewers and never had any.
            pages.Remove(status.Path);
        }
        else
        {
            pages[status.Path] = status;
        }
    }
}
