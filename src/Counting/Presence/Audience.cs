using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>
/// Who is looking, as far as one gateway sees: the viewers of each of its pages, and what of that the cluster has been told.
/// </summary>
/// <remarks>Safe to use from many threads.</remarks>
public sealed partial class Audience
{
    private readonly Lock gate = new();
    private readonly Dictionary<PageKey, PageAudience> pages = [];
    private readonly Dictionary<string, SiteAudience> sites = [];
    private readonly Queue<PageAudience> unreported = [];
    private long sequence;
    private int all;
    private int allReported;
    private int inDoubt;
    private long entered;
    private long left;

    /// <summary>The pages somebody looks at, and those whose last viewer's leaving the cluster has not confirmed.</summary>
    public int Pages => Read(static a => a.pages.Count);

    /// <summary>The viewers of all pages here.</summary>
    public int All => Read(static a => a.all);

    /// <summary>The viewers of all pages that the latest reports spoke of.</summary>
    public int AllReported => Read(static a => a.allReported);

    /// <summary>The sites somebody looks at, and those that the cluster still has to confirm as left.</summary>
    public int Sites => Read(static a => a.sites.Count);

    /// <summary>How often a viewer ever entered a page; a view that was only thought to have left enters again.</summary>
    public long Entered => Read(static a => a.entered);

    /// <summary>How often a viewer ever left a page: <see cref="Entered"/> less those who are there.</summary>
    public long Left => Read(static a => a.left);

    /// <summary>Whether this gateway holds the page.</summary>
    public bool Holds(PageKey page)
    {
        lock (gate)
        {
            return pages.ContainsKey(page);
        }
    }

    /// <summary>The same page, named by the strings that are in memory for it already: its thousands of viewers need no copies.</summary>
    public PageKey Share(PageKey page)
    {
        lock (gate)
        {
            return pages.TryGetValue(page, out var held) ? held.Page : page;
        }
    }

    /// <summary>Viewers came and went; nobody sees the changes apart.</summary>
    /// <param name="changes">What happened.</param>
    /// <param name="pages">Gets the pages whose viewers changed, or that somebody came to.</param>
    /// <exception cref="InvalidOperationException">More left a page than were on it.</exception>
    internal void Apply(PresenceChanges changes, HashSet<PageKey> pages)
    {
        lock (gate)
        {
            foreach (var view in changes.Touched)
            {
                var counts = view.IsOurs && view.Counts;
                if (counts != view.Counted)
                {
                    view.Counted = counts;
                    Move(FindOrAdd(view.Page), counts ? 1 : -1);
                    pages.Add(view.Page);
                }
            }

            foreach (var (page, viewers) in changes.Arrivals)
            {
                var audience = FindOrAdd(page);
                audience.Arrivals = Math.Max(0, audience.Arrivals + viewers);
                Report(audience);
                pages.Add(page);
            }
        }
    }

    /// <summary>The viewers here, now.</summary>
    public int Viewers(CountKey key)
    {
        lock (gate)
        {
            return key.Of == CountOf.Site
                ? sites.GetValueOrDefault(key.Site)?.Viewers ?? 0
                : pages.GetValueOrDefault(new PageKey(key.Site, key.Path))?.Viewers ?? 0;
        }
    }

    /// <summary>The viewers here of all pages and sites that have some, now.</summary>
    public Dictionary<CountKey, int> Snapshot()
    {
        lock (gate)
        {
            return pages.Values.Select(page => KeyValuePair.Create(CountKey.ForPage(page.Page), page.Viewers))
                .Concat(sites.Select(site => KeyValuePair.Create(CountKey.ForSite(site.Key), site.Value.Viewers)))
                .Where(number => number.Value > 0)
                .ToDictionary();
        }
    }

    private void Move(PageAudience audience, int by)
    {
        if (audience.Viewers + by < 0)
        {
            throw new InvalidOperationException("A viewer left a page that nobody was on.");
        }

        audience.Viewers += by;
        audience.Site.Viewers += by;
        all += by;
        entered += Math.Max(by, 0);
        left += Math.Max(-by, 0);
        Report(audience);
    }

    private PageAudience FindOrAdd(PageKey page)
    {
        if (!pages.TryGetValue(page, out var audience))
        {
            pages[page] = audience = new PageAudience(page, SiteOf(page), ++sequence);
            audience.Site.Pages++;
        }

        return audience;
    }

    private SiteAudience SiteOf(PageKey page)
    {
        if (!sites.TryGetValue(page.Site, out var site))
        {
            sites[page.Site] = site = new SiteAudience();
        }

        return site;
    }

    private void Forget(PageAudience audience)
    {
        pages.Remove(audience.Page);
        if (--audience.Site.Pages == 0)
        {
            sites.Remove(audience.Page.Site);
        }
    }

    private T Read<T>(Func<Audience, T> read)
    {
        // Under the lock, for nobody sees apart what changes together.
        lock (gate)
        {
            return read(this);
        }
    }
}
