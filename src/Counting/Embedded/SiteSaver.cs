using Counter.Counting.Totals;

namespace Counter.Counting.Embedded;

/// <summary>
/// Saves sites that changed, on a thread of its own: compressing a big site takes a second in which no thread that serves streams
/// is taken away.
/// </summary>
internal sealed class SiteSaver : IDisposable
{
    private const int PagesTogether = 500;
    private static readonly TimeSpan TidyInterval = TimeSpan.FromHours(1);

    private readonly EmbeddedStore store;
    private readonly TimeSpan interval;
    private readonly TimeProvider clock;
    private readonly Lock gate;
    private readonly Dictionary<string, SiteEntry> sites;
    private readonly Lock saving = new();
    private readonly AutoResetEvent wake = new(false);
    private readonly Thread thread;
    private volatile bool stopping;

    /// <summary>Begins to save when woken.</summary>
    /// <param name="store">Where to.</param>
    /// <param name="interval">The least time between two saves of a site.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="gate">The lock that guards <paramref name="sites"/> and everything in it.</param>
    /// <param name="sites">What to save.</param>
    public SiteSaver(EmbeddedStore store, TimeSpan interval, TimeProvider clock, Lock gate, Dictionary<string, SiteEntry> sites)
    {
        (this.store, this.interval, this.clock, this.gate, this.sites) = (store, interval, clock, gate, sites);
        thread = new Thread(SaveWhenWoken) { IsBackground = true, Name = "Counter saves" };
        thread.Start();
    }

    /// <summary>Lets the thread see what is due.</summary>
    public void Wake() => wake.Set();

    /// <summary>Saves what is due and forgets what nobody has looked at for longer than history is kept.</summary>
    public void SaveDue()
    {
        lock (saving)
        {
            if (stopping)
            {
                return;
            }

            var now = clock.GetUtcNow();
            Tidy(now);
            foreach (var entry in Due(now))
            {
                Save(entry, now);
            }
        }
    }

    /// <summary>Ends the thread, saves everything that changed, and closes the store. A second time it does nothing.</summary>
    public void Dispose()
    {
        if (stopping)
        {
            return;
        }

        stopping = true;
        wake.Set();
        thread.Join();
        lock (saving)
        {
            var now = clock.GetUtcNow();
            foreach (var entry in Dirty())
            {
                Save(entry, now);
            }

            store.Dispose();
        }

        wake.Dispose();
    }

    private void SaveWhenWoken()
    {
        while (true)
        {
            wake.WaitOne();
            if (stopping)
            {
                return;
            }

            SaveDue();
        }
    }

    private List<SiteEntry> Dirty()
    {
        lock (gate)
        {
            return [.. sites.Values.Where(e => e.IsDirty)];
        }
    }

    private IEnumerable<SiteEntry> Due(DateTimeOffset now)
    {
        var dirty = Dirty();
        var periods = SavePace.Periods([.. dirty.Select(e => e.Cost)], interval);
        return dirty.Where((entry, i) => (now - entry.SavedAt).Duration() >= periods[i]);
    }

    private void Save(SiteEntry entry, DateTimeOffset now)
    {
        var took = store.Save(Take(entry, now));
        lock (gate)
        {
            entry.SavedAt = now;
            entry.Changed |= took is null;
            entry.Cost = took ?? entry.Cost;
        }
    }

    /// <summary>
    /// What to store of a site: some pages at a time, so that nobody waits for a hundred thousand of them. What comes meanwhile may
    /// be in it or not, and is saved the next time.
    /// </summary>
    private SiteState Take(SiteEntry entry, DateTimeOffset now)
    {
        PageCounter[] pages;
        lock (gate)
        {
            entry.Changed = false;
            pages = entry.Counter.PagesNow();
        }

        var states = new List<PageState>(pages.Length);
        foreach (var some in pages.Chunk(PagesTogether))
        {
            lock (gate)
            {
                states.AddRange(some.Select(page => page.Save(now)).OfType<PageState>());
            }

            Thread.Yield();
        }

        // The site's own number last, so that it is never behind those of its pages.
        lock (gate)
        {
            return new SiteState(entry.Counter.Site, entry.Counter.Tally.Save(now), states);
        }
    }

    private void Tidy(DateTimeOffset now)
    {
        List<SiteEntry> due;
        lock (gate)
        {
            due = [.. sites.Values.Where(e => (now - e.TidiedAt).Duration() >= TidyInterval)];
        }

        // One site at a time, so that reports need not wait for all of them.
        foreach (var entry in due)
        {
            bool isEmpty;
            lock (gate)
            {
                entry.TidiedAt = now;
                entry.Changed |= entry.Counter.Tidy(now);
                isEmpty = entry.Counter.PageCount == 0 && sites.Remove(entry.Counter.Site);
            }

            if (isEmpty)
            {
                store.Delete(entry.Counter.Site);
            }
        }
    }
}
