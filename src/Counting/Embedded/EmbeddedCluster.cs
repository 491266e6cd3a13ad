using System.Runtime.CompilerServices;
using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Counting.Totals;
using Microsoft.Extensions.Logging;

namespace Counter.Counting.Embedded;

/// <summary>The cluster of one process: counters in memory, totals, history and settings in files. Safe for concurrent use.</summary>
/// <remarks>
/// <para>Who touches what: the sites and their counters are touched under <c>gate</c> only, briefly. Files are touched under
/// <c>saving</c> only, by the thread that saves, which takes <c>gate</c> for no longer than a snapshot needs.</para>
/// <para>At shutdown: the clock's timer is stopped, the thread that saves has ended, everything that changed is saved, and the
/// directory is free for another process, in this order. Reports that come later are answered but no longer saved.</para>
/// </remarks>
public sealed partial class EmbeddedCluster : ICluster, IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenClearings = TimeSpan.FromMinutes(1);

    private readonly EmbeddedOptions options;
    private readonly TimeProvider clock;
    private readonly Lock gate = new();
    private readonly Dictionary<string, SiteEntry> sites = [];
    private readonly ChangeFeed feed = new();
    private readonly GatewayList gateways;
    private readonly EmbeddedDocuments documents;
    private readonly SiteSaver saver;
    private readonly ITimer timer;
    private DateTimeOffset expiredAt;
    private DateTimeOffset crowdedAt;

    /// <summary>Opens the data directory and loads what is in it.</summary>
    /// <param name="options">How the engine works.</param>
    /// <param name="clock">Tells the time and waits.</param>
    /// <param name="logger">Told about damage and failures.</param>
    /// <exception cref="DataDirectoryException">The directory cannot be written, or another process uses it.</exception>
    public EmbeddedCluster(EmbeddedOptions options, TimeProvider clock, ILogger<EmbeddedCluster> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        (this.options, this.clock) = (options, clock);
        expiredAt = clock.GetUtcNow();
        var store = new EmbeddedStore(options.Directory, clock, logger);
        gateways = new GatewayList(options.LeaseDuration);
        try
        {
            documents = new EmbeddedDocuments(new DocumentJournal(options.Directory, logger));
        }
        catch
        {
            store.Dispose();
            throw;
        }

        foreach (var site in store.Load(state => new SiteCounter(state, options.LeaseDuration, expiredAt)))
        {
            sites.Add(site.Site, new SiteEntry(site, expiredAt));
        }

        saver = new SiteSaver(store, options.SaveInterval, clock, gate, sites);
        timer = clock.CreateTimer(_ => OnStep(), null, Step, Step);
    }

    /// <inheritdoc/>
    public IDocuments Documents => documents;

    /// <inheritdoc/>
    public ValueTask<ReportReply> ReportAsync(Report report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        cancellationToken.ThrowIfCancellationRequested();
        var now = clock.GetUtcNow();
        var totals = new List<Total>(report.Pages.Count + 1);
        var refused = new List<PageKey>();
        var touched = new HashSet<SiteEntry>();
        lock (gate)
        {
            if (!gateways.Knows(report.GatewayId))
            {
                return ValueTask.FromResult(new ReportReply([], [], Known: false));
            }

            foreach (var page in report.Pages)
            {
                var entry = FindOrAdd(page.Page.Site, now);
                if (entry is null
                    || !entry.Counter.TryApply(report.GatewayId, page, report.MostPagesOf(page.Page.Site, options.MaxPagesPerSite), now, out var total, out var changed))
                {
                    refused.Add(page.Page);
                    continue;
                }

                totals.Add(total);
                touched.Add(entry);
                if (changed)
                {
                    feed.Publish(total);
                }
            }

            foreach (var entry in touched)
            {
                entry.Changed = true;
                var changed = entry.Counter.Settle(now);
                totals.Add(entry.Counter.Total);
                if (changed)
                {
                    feed.Publish(entry.Counter.Total);
                }
            }
        }

        return ValueTask.FromResult(new ReportReply(totals, refused));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Total> ChangesAsync(
        Func<IEnumerable<CountKey>>? shown, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var subscription = feed.Subscribe();
        while (true)
        {
            foreach (var total in await subscription.TakeAsync(cancellationToken))
            {
                yield return total;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<CountStatus> GetAsync(CountKey key, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return ValueTask.FromResult(Find(key)?.Status(key) ?? CountStatus.Unseen(key));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<HistoryPoint>> GetHistoryAsync(
        CountKey key, HistoryStep step, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        lock (gate)
        {
            return ValueTask.FromResult((Find(key) ?? new Tally(now)).Read(step, from, to, now));
        }
    }

    /// <summary>
    /// Gives up the viewers of gateways that were not heard in time, and saves what is due. The clock's timer does the same every
    /// second; a caller that does it too does no harm, and knows when it is done.
    /// </summary>
    public void ExpireAndSave()
    {
        Expire();
        saver.SaveDue();
    }

    /// <summary>Saves everything that changed and closes the data directory.</summary>
    public async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync();
        documents.Dispose();
        saver.Dispose();
    }

    private SiteEntry? FindOrAdd(string site, DateTimeOffset now)
    {
        if (sites.TryGetValue(site, out var entry))
        {
            return entry;
        }

        if (sites.Count >= options.MaxSites)
        {
            MakeRoom(now);
            return null;
        }

        entry = new SiteEntry(new SiteCounter(site, options.LeaseDuration, now), now);
        sites.Add(site, entry);
        return entry;
    }

    /// <summary>Has sites without a page worth keeping forgotten at the next step. Looks at every page, so not for every refusal.</summary>
    private void MakeRoom(DateTimeOffset now)
    {
        if ((now - crowdedAt).Duration() < BetweenClearings)
        {
            return;
        }

        crowdedAt = now;
        foreach (var entry in sites.Values)
        {
            if (entry.Counter.MakeRoom(now))
            {
                entry.Changed = true;
                entry.TidiedAt = DateTimeOffset.MinValue;
            }
        }
    }

    private Tally? Find(CountKey key)
    {
        var site = sites.GetValueOrDefault(key.Site)?.Counter;
        return key.Of == CountOf.Site ? site?.Tally : site?.Find(key.Path);
    }
}
