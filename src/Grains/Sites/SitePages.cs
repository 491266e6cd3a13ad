using Counter.Counting.Cluster;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Counting.Totals;
using Counter.Grains.Messages;

namespace Counter.Grains.Sites;

/// <summary>
/// The pages of one site as their grains last said they are, and their sum. Pure: the time comes in, nothing goes out. Not safe for
/// concurrent use.
/// </summary>
/// <param name="site">The site.</param>
/// <param name="tally">The number of the whole site.</param>
internal sealed class SitePages(string site, Tally tally)
{
    private readonly Dictionary<string, PageNews> pages = new(StringComparer.Ordinal);
    private readonly HashSet<string> reserved = new(StringComparer.Ordinal);
    private readonly HashSet<string> doubtful = new(StringComparer.Ordinal);
    private long viewers;
    private long arrived;

    /// <summary>The number of the whole site.</summary>
    public Tally Tally { get; private set; } = tally;

    /// <summary>How the pages are stored.</summary>
    public SiteParts Parts { get; } = new();

    /// <summary>The viewers there are at least; see <see cref="PageCounter.Floor"/>.</summary>
    public int Floor { get; set; }

    /// <summary>How many pages are known.</summary>
    public int Count => pages.Count;

    /// <summary>How many there are with those that are about to be known.</summary>
    public int Taken => pages.Count + reserved.Count;

    /// <summary>Whether no page is known, and none is about to be.</summary>
    public bool IsEmpty => Taken == 0;

    /// <summary>How many of them somebody looks at.</summary>
    public int Active { get; private set; }

    /// <summary>The pages.</summary>
    public IReadOnlyCollection<PageNews> All => pages.Values;

    /// <summary>The whole site as it is listed.</summary>
    public SiteStand Stand => new(new SiteStatus(Tally.Status(CountKey.ForSite(site)), Count), Active, Tally.SeenAt);

    /// <summary>What is known of a page; null when nothing is.</summary>
    public PageNews? Find(string path) => pages.GetValueOrDefault(path);

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

    /// <summary>Whether something came that was not taken and may yet have been right, so that <see cref="Questions"/> is not to wait.</summary>
    public bool IsInDoubt => doubtful.Count > 0;

    /// <summary>The pages whose grains are to be asked now and then: those that may be in no silo's memory any more, and yet have viewers here.</summary>
    public IReadOnlyList<PageNews> Questions => [.. pages.Values.Where(p => p.Number.Viewers > 0 || doubtful.Contains(p.Path))];

    /// <summary>Takes how a page is, unless something newer is known. The sum follows at the next <see cref="Settle"/>.</summary>
    public void Learn(PageNews news)
    {
        if (pages.GetValueOrDefault(news.Path) is not { } known)
        {
            Take(news, null);
        }
        else if (known.Number.Activation != news.Number.Activation)
        {
            // The older activation answers late, and its arrivals are among those of the newer one. Clocks of silos differ, so the page is asked.
            if (news.Number.Version < known.Number.Version)
            {
                doubtful.Add(news.Path);
            }
            else
            {
                Take(news, known);
            }
        }
        else if (known.Revision < news.Revision)
        {
            Take(news, known);
        }
    }

    /// <summary>Takes what the grain of a page answered when it was asked, unless something else was learnt meanwhile.</summary>
    /// <param name="asked">One of <see cref="Questions"/>.</param>
    /// <param name="answer">The answer; a grain that does not know its page has no viewers.</param>
    /// <returns>Whether that changed anything.</returns>
    public bool Correct(PageNews asked, PageNews answer)
    {
        if (!ReferenceEquals(pages.GetValueOrDefault(asked.Path), asked))
        {
            return false;
        }

        doubtful.Remove(asked.Path);
        var right = Merge(answer.Known ? answer : asked with { Number = asked.Number with { Viewers = 0 } }, asked);
        if (right == asked)
        {
            return false;
        }

        Take(right, asked);
        return true;
    }

    /// <summary>Takes a page that was stored: nobody looks at it until its grain says so, and its arrivals are counted already.</summary>
    public void Restore(PageNews stored) => pages[stored.Path] = stored;

    /// <summary>A page was reset: its arrivals begin at 0 again, and those of the site stay.</summary>
    public void Renew(PageNews news)
    {
        var counted = arrived;
        if (pages.TryGetValue(news.Path, out var known))
        {
            pages[news.Path] = known with { Arrivals = 0, Since = null };
            Parts.Change(news.Path);
        }

        Learn(news);
        arrived = counted;
    }

    /// <summary>Forgets a page that nobody looks at.</summary>
    public void Forget(string path)
    {
        doubtful.Remove(path);
        if (pages.Remove(path, out var known))
        {
            Parts.Change(path);
            viewers -= known.Number.Viewers;
            Active -= known.Number.Viewers > 0 ? 1 : 0;
        }
    }

    /// <summary>Brings the sum up to the pages.</summary>
    /// <returns>Whether the viewers changed.</returns>
    public bool Settle(DateTimeOffset now)
    {
        var came = arrived;
        arrived = 0;
        return Tally.Observe(Math.Max(Floor, viewers), came, now);
    }

    /// <summary>The same viewers without a past.</summary>
    public void Reset(DateTimeOffset now)
    {
        arrived = 0;
        Tally = Tally.Anew(now);
    }

    /// <summary>Pages that were last heard of so long before a time that nothing of their history is kept.</summary>
    public IReadOnlyList<string> Forgotten(DateTimeOffset asOf) =>
        [.. pages.Values.Where(p => p.Number.Viewers == 0 && p.SeenAt + HistoryStep.Day.Keep() < asOf).Select(p => p.Path)];

    /// <summary>
    /// Pages that nobody looks at, those that are worth least first: few ever came, and long ago. They make room for new ones, so whoever
    /// fills a site with invented pages cannot keep its real ones out.
    /// </summary>
    public IReadOnlyList<string> LeastWorth(int most) =>
        [.. pages.Values.Where(p => p.Number.Viewers == 0).OrderBy(p => p.Arrivals).ThenBy(p => p.SeenAt).Take(most).Select(p => p.Path)];

    /// <summary>
    /// A page whose silo was killed begins anew with fewer arrivals, and is told of them once more: they are counted already.
    /// </summary>
    private static PageNews Merge(PageNews news, PageNews? known) =>
        known?.Arrivals > news.Arrivals ? news with { Arrivals = known.Arrivals, Since = news.Since ?? known.Since } : news;

    private void Take(PageNews news, PageNews? known)
    {
        news = Merge(news, known);
        doubtful.Remove(news.Path);
        Parts.Change(news.Path);
        viewers += news.Number.Viewers - (known?.Number.Viewers ?? 0);
        arrived += news.Arrivals - (known?.Arrivals ?? 0);
        Active += (news.Number.Viewers > 0 ? 1 : 0) - (known?.Number.Viewers > 0 ? 1 : 0);
        if (news.Since is null && news.Number.Viewers == 0)
        {
            // A gateway said that nobody is there, and nobody ever was.
            pages.Remove(news.Path);
        }
        else
        {
            pages[news.Path] = news;
        }
    }
}
