using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Grains.Messages;

namespace Counter.Grains.Engine;

/// <summary>
/// What the cluster last said of the numbers that this process reports or shows, and of the sites of pages that it reports. Safe for
/// concurrent use.
/// </summary>
/// <remarks>
/// Changes of other numbers are not told, so they are forgotten at once: what was seen of them long ago would be believed by an activation
/// that begins later.
/// </remarks>
internal sealed class SeenTotals
{
    private readonly Lock gate = new();
    private readonly Dictionary<CountKey, Entry> totals = [];
    private readonly Dictionary<string, int> reportedPages = [];

    /// <summary>What was seen of a number.</summary>
    public Seen Of(CountKey key)
    {
        lock (gate)
        {
            return totals.GetValueOrDefault(key).Seen;
        }
    }

    /// <summary>Whether a report said that there are viewers of a page here, so that its grain tells changes by itself.</summary>
    public bool Holds(CountKey key)
    {
        lock (gate)
        {
            return totals.GetValueOrDefault(key).IsReported;
        }
    }

    /// <summary>A report of a page was answered; without viewers here it is forgotten unless it is shown, and so is a site without pages.</summary>
    public void LearnPage(PageKey page, NumberTold told, bool hasViewers)
    {
        var key = CountKey.ForPage(page);
        lock (gate)
        {
            var known = totals.GetValueOrDefault(key);
            Put(key, new Entry(known.Seen.Hear(told), hasViewers, known.IsShown));
            if (hasViewers == known.IsReported)
            {
                return;
            }

            var pages = reportedPages.GetValueOrDefault(page.Site) + (hasViewers ? 1 : -1);
            if (pages > 0)
            {
                reportedPages[page.Site] = pages;
                return;
            }

            reportedPages.Remove(page.Site);
            var site = CountKey.ForSite(page.Site);
            Put(site, totals.GetValueOrDefault(site));
        }
    }

    /// <summary>A report of pages of a site was answered, after <see cref="LearnPage"/> of those.</summary>
    public void LearnSite(string site, NumberTold told)
    {
        var key = CountKey.ForSite(site);
        lock (gate)
        {
            var known = totals.GetValueOrDefault(key);
            Put(key, known with { Seen = known.Seen.Hear(told) });
        }
    }

    /// <summary>A question was answered about a number that is shown here.</summary>
    public void LearnShown(CountKey key, NumberTold told)
    {
        lock (gate)
        {
            var known = totals.GetValueOrDefault(key);
            totals[key] = new Entry(known.Seen.Hear(told), known.IsReported, IsShown: true);
        }
    }

    /// <summary>A change was told.</summary>
    public void Learn(Total total)
    {
        lock (gate)
        {
            if (totals.TryGetValue(total.Key, out var known))
            {
                totals[total.Key] = known with { Seen = known.Seen.Hear(new NumberTold(total.Version, total.Viewers, known.Seen.Activation)) };
            }
        }
    }

    /// <summary>A number is not shown any more; it is remembered only if there are viewers of it here.</summary>
    public void Forget(CountKey key)
    {
        lock (gate)
        {
            Put(key, totals.GetValueOrDefault(key) with { IsShown = false });
        }
    }

    /// <summary>Keeps an entry as long as changes of its number are told.</summary>
    private void Put(CountKey key, Entry entry)
    {
        if (entry.IsShown || entry.IsReported || (key.Of == CountOf.Site && reportedPages.ContainsKey(key.Site)))
        {
            totals[key] = entry;
        }
        else
        {
            totals.Remove(key);
        }
    }

    /// <param name="Seen">What was seen.</param>
    /// <param name="IsReported">Of a page: whether the last report that was answered had viewers of it.</param>
    /// <param name="IsShown">Whether it was asked for because it is shown.</param>
    private readonly record struct Entry(Seen Seen, bool IsReported, bool IsShown);
}
