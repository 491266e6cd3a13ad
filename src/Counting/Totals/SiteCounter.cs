using Counter.Counting.Cluster;
using Counter.Counting.Pages;

namespace Counter.Counting.Totals;

/// <summary>
/// The pages of one site and their sum, which has a peak and a history of its own. Pure: the time comes in, nothing goes out.
/// Not safe for concurrent use.
/// </summary>
public sealed partial class SiteCounter
{
    private readonly Dictionary<string, PageCounter> pages = [];
    private readonly HashSet<PageCounter> leased = [];
    private readonly TimeSpan leaseDuration;
    private long viewers;
    private long arrived;

    /// <summary>A site that nobody has looked at yet.</summary>
    /// <param name="site">The site.</param>
    /// <param name="leaseDuration">How long a report holds.</param>
    /// <param name="now">The time.</param>
    public SiteCounter(string site, TimeSpan leaseDuration, DateTimeOffset now) =>
        (Site, this.leaseDuration, Tally) = (site, leaseDuration, new Tally(now));

    /// <summary>A site that was stored.</summary>
    /// <param name="state">What was stored.</param>
    /// <param name="leaseDuration">How long a report holds.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="InvalidDataException">The state contradicts itself.</exception>
    public SiteCounter(SiteState state, TimeSpan leaseDuration, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        (Site, this.leaseDuration, Tally) = (state.Site, leaseDuration, new Tally(state.Total, now));
        foreach (var page in state.Pages)
        {
            var key = new PageKey(Site, page?.Path ?? throw new InvalidDataException("A page is missing."));
            if (!pages.TryAdd(key.Path, new PageCounter(key, leaseDuration, new Tally(page.Total, now))))
            {
                throw new InvalidDataException("A page is there twice.");
            }
        }
    }

    /// <summary>The site.</summary>
    public string Site { get; }

    /// <summary>The number of the whole site.</summary>
    public Tally Tally { get; private set; }

    /// <summary>How many pages are known.</summary>
    public int PageCount => pages.Count;

    /// <summary>The pages that are known.</summary>
    public IEnumerable<CountStatus> Pages => pages.Values.Select(p => p.Tally.Status(CountKey.ForPage(p.Page)));

    /// <summary>How many pages somebody looks at.</summary>
    public int ActivePageCount => leased.Count(p => p.Tally.Viewers > 0);

    /// <summary>The pages that somebody looks at.</summary>
    public IEnumerable<CountStatus> ActivePages =>
        leased.Where(p => p.Tally.Viewers > 0).Select(p => p.Tally.Status(CountKey.ForPage(p.Page)));

    /// <summary>The total as it is sent around.</summary>
    public Total Total => new(CountKey.ForSite(Site), Tally.Version, Tally.Viewers);

    /// <summary>The number of one page; null when it is not known.</summary>
    public Tally? Find(string path) => pages.GetValueOrDefault(path)?.Tally;

    /// <summary>Takes a report about one page. The sum follows at the next <see cref="Settle"/>, so that someone who goes from one
    /// page to another within a report is never counted twice.</summary>
    /// <param name="gatewayId">The gateway.</param>
    /// <param name="report">What it says about a page of this site.</param>
    /// <param name="mostPages">How many pages the site may have.</param>
    /// <param name="now">The time.</param>
    /// <param name="total">The total of the page.</param>
    /// <param name="changed">Whether its viewers changed.</param>
    /// <returns>False when it is a new page and the site has as many as it may have.</returns>
    public bool TryApply(
        string gatewayId, PageReport report, int mostPages, DateTimeOffset now, out Total total, out bool changed)
    {
        (total, changed) = (default, false);
        if (!pages.TryGetValue(report.Page.Path, out var page))
        {
            if (pages.Count >= mostPages && !TryMakeRoom(now))
            {
                return false;
            }

            page = new PageCounter(report.Page, leaseDuration, now);
            pages.Add(report.Page.Path, page);
        }

        changed = Add(page.Apply(gatewayId, report, now));
        leased.Add(page);
        total = page.Total;
        return true;
    }

    /// <summary>Gives up the viewers of gateways that were not heard in time, and settles.</summary>
    /// <param name="now">The time.</param>
    /// <returns>The totals that changed.</returns>
    public IReadOnlyList<Total> Expire(DateTimeOffset now)
    {
        List<Total>? changed = null;
        List<PageCounter>? done = null;
        foreach (var page in leased)
        {
            if (Add(page.Expire(now)))
            {
                (changed ??= []).Add(page.Total);
            }

            if (!page.HasLeases)
            {
                (done ??= []).Add(page);
            }
        }

        foreach (var page in done ?? [])
        {
            leased.Remove(page);
            if (page.Tally.Since is null)
            {
                // A gateway said that nobody is there, and nobody ever was.
                pages.Remove(page.Page.Path);
            }
        }

        if (changed is not null && Settle(now))
        {
            changed.Add(Total);
        }

        return changed ?? [];
    }

    /// <summary>A gateway lives, and what it said holds on.</summary>
    /// <param name="gatewayId">The gateway.</param>
    /// <param name="now">The time.</param>
    public void Renew(string gatewayId, DateTimeOffset now)
    {
        foreach (var page in leased)
        {
            page.Renew(gatewayId, now);
        }
    }

    /// <summary>A gateway stopped, or was not heard: what it said ends with the next <see cref="Expire"/>.</summary>
    /// <param name="gatewayId">The gateway.</param>
    /// <param name="now">The time.</param>
    public void GiveUp(string gatewayId, DateTimeOffset now)
    {
        foreach (var page in leased)
        {
            page.GiveUp(gatewayId, now);
        }
    }

    /// <summary>Brings the sum of the site up to its pages.</summary>
    /// <param name="now">The time.</param>
    /// <returns>Whether the viewers of the site changed.</returns>
    public bool Settle(DateTimeOffset now)
    {
        var came = arrived;
        arrived = 0;
        return Tally.Observe(viewers, came, now);
    }

    /// <summary>The pages that are there now, to store them one after the other.</summary>
    public PageCounter[] PagesNow() => [.. pages.Values];

    private bool Add(PageChange change)
    {
        viewers += change.Viewers;
        arrived += change.Arrivals;
        return change.Viewers != 0;
    }
}
