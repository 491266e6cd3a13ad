using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Gateway.Documents;
using Counter.Gateway.Operations;
using Counter.Gateway.Settings;
using Counter.Grains;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Cluster;

/// <summary>
/// Reports the opened and closed streams of each site to its presence, and the numbers that this gateway shows: at once when no batch of the
/// site is under way and none of several was sent just now, otherwise with the next batch. Applies the replies and the broadcasts of the cluster.
/// </summary>
internal sealed partial class PresenceClient : IDisposable
{
    /// <summary>A batch without a reply is sent again after this time.</summary>
    public static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    // More would only wait in the silos.
    private const int MostAtOnce = 256;

    private static readonly TimeSpan BetweenBatches = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(50);

    private readonly ICluster cluster;
    private readonly GatewayIdentity identity;
    private readonly DocumentCache<SiteSettings> settings;
    private readonly LimitsOptions limits;
    private readonly TimeSpan soon;
    private readonly TimeProvider clock;
    private readonly CounterMetrics metrics;
    private readonly ILogger<PresenceClient> log;
    private readonly TracedChanges traced = new();
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, SiteConnection> sites = new(StringComparer.Ordinal);
    private readonly Dictionary<PageKey, (PageKey Page, int Streams)> pages = [];
    private readonly ConcurrentQueue<(long At, SiteConnection Site, long Batch)> overdue = [];
    private readonly ITimer timer;
    private readonly SemaphoreSlim turns = new(MostAtOnce);
    private readonly CancellationTokenSource end = new();
    private int isArmed;
    private TaskCompletionSource connection = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long batches;
    private long streams;
    private long entered;
    private long left;
    private int viewers;
    private int underWay;
    private volatile bool isConnected = true;

    public PresenceClient(
        ICluster cluster, ClusterEvents events, GatewayIdentity identity, DocumentCache<SiteSettings> settings, IOptions<LimitsOptions> limits, IOptions<StreamingOptions> options,
        TimeProvider clock, CounterMetrics metrics, ILogger<PresenceClient> log)
    {
        (this.cluster, this.identity, this.settings, this.clock, this.metrics, this.log) = (cluster, identity, settings, clock, metrics, log);
        (this.limits, soon) = (limits.Value, options.Value.FirstFrame);
        Probes = new StreamProbes(new ProbeOptions(options.Value.ProbeInterval, options.Value.ProbesPerSecond), clock);
        timer = clock.CreateTimer(_ => MarkOverdue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        PresenceMetrics.Observe(this, metrics.Meter);
        events.NumberChanged += Apply;
        events.Commanded += Apply;
        events.Missed += () => CheckAll(asksAll: true);
    }

    /// <summary>A number that this gateway shows has changed.</summary>
    public event Action<CountUpdate>? Changed;

    /// <summary>Numbers include these streams from now on.</summary>
    public event Action<IReadOnlyList<StreamEntry>>? Acknowledged;

    /// <summary>The presence of a site is late with a reply, or replies again, so these numbers have changed.</summary>
    public event Action<IReadOnlyList<CountKey>>? Estimated;

    /// <summary>The cluster does not know this gateway.</summary>
    public event Action? RenewalWanted;

    /// <summary>Probes the streams of this gateway.</summary>
    public StreamProbes Probes { get; }

    /// <summary>Whether the cluster answers. True before the first request.</summary>
    public bool IsConnected => isConnected;

    /// <summary>The viewers that streams of this gateway count.</summary>
    public int Viewers => Volatile.Read(ref viewers);

    /// <summary>The viewers that began to count on this gateway, since the start.</summary>
    public long Entered => Interlocked.Read(ref entered);

    /// <summary>The viewers that stopped counting on this gateway, since the start.</summary>
    public long Left => Interlocked.Read(ref left);

    /// <summary>The pages with open streams on this gateway.</summary>
    public int Pages
    {
        get
        {
            lock (gate)
            {
                return pages.Count;
            }
        }
    }

    /// <summary>Whether a page has open streams on this gateway.</summary>
    public bool Holds(PageKey page)
    {
        lock (gate)
        {
            return pages.ContainsKey(page);
        }
    }

    /// <summary>The same page with the strings that are in memory for it already, so that thousands of viewers need no copies.</summary>
    public PageKey Share(PageKey page)
    {
        lock (gate)
        {
            return pages.TryGetValue(page, out var held) ? held.Page : page;
        }
    }

    /// <summary>This gateway's part of a number, for numbers that it does not show, while the cluster does not answer.</summary>
    public int Estimate(CountKey key) => sites.TryGetValue(key.Site, out var site) ? site.Streams.Estimate(key) : 0;

    /// <summary>Shows a number from now on, and returns its site. The next <see cref="Send"/> reports it.</summary>
    public SiteConnection Show(CountKey key)
    {
        lock (gate)
        {
            var site = FindOrAdd(key.Site);
            site.Streams.Show(key);
            return site;
        }
    }

    /// <summary>Shows a number no longer.</summary>
    public void Hide(CountKey key)
    {
        lock (gate)
        {
            if (sites.TryGetValue(key.Site, out var site))
            {
                site.Streams.Hide(key);
                HideOwn(site);
            }
        }

        Send(key.Site);
    }

    /// <summary>Opens a stream that counts somebody. The next <see cref="Send"/> reports it.</summary>
    public StreamEntry Open(StreamOrigin origin, IOpenResponse response)
    {
        StreamEntry entry;
        SiteConnection site;
        lock (gate)
        {
            entry = new StreamEntry(++streams, origin, response, clock.GetTimestamp());
            ref var page = ref CollectionsMarshal.GetValueRefOrAddDefault(pages, origin.Page, out var isHeld);
            page = (isHeld ? page.Page : origin.Page, page.Streams + 1);
            site = FindOrAdd(origin.Page.Site);
            site.Streams.Open(entry);
        }

        Estimate(site, origin.Page);
        Probes.Opened(entry);
        traced.Add();
        return entry;
    }

    public void Close(StreamEntry entry)
    {
        Probes.Closed(entry);
        traced.Add();
        var key = entry.Origin.Page;
        SiteConnection? site;
        lock (gate)
        {
            ref var page = ref CollectionsMarshal.GetValueRefOrNullRef(pages, key);
            if (--page.Streams == 0)
            {
                pages.Remove(key);
            }

            if (sites.TryGetValue(key.Site, out site))
            {
                site.Streams.Close(entry);
                HideOwn(site);
            }
        }

        Estimate(site, key);
        Send(key.Site);
    }

    /// <summary>Frees connections of a browser. Of these streams, those that count nobody are probed. Those that nothing settles are ended.</summary>
    public void Release(IEnumerable<StreamEntry> entries, int mostEnded)
    {
        foreach (var some in entries.GroupBy(entry => entry.Origin.Page.Site))
        {
            if (sites.TryGetValue(some.Key, out var site))
            {
                site.Streams.Release(new CrowdedBrowser([.. some.Select(entry => entry.Number)], mostEnded));
                Send(some.Key);
            }
        }
    }

    public void Dispose()
    {
        end.Cancel();
        timer.Dispose();
        end.Dispose();
    }

    private SiteConnection FindOrAdd(string name)
    {
        if (!sites.TryGetValue(name, out var site))
        {
            sites[name] = site = new SiteConnection(new SiteStreams(identity.Id, name, () => Interlocked.Increment(ref batches), clock));
        }

        site.Streams.Show(CountKey.ForGateway(name, identity.Id));
        return site;
    }

    /// <summary>Updates the estimates of a page while the presence of its site does not answer.</summary>
    private void Estimate(SiteConnection? site, PageKey page)
    {
        if (site is { IsStale: true })
        {
            Estimated?.Invoke(site.Streams.ShownOf(page));
        }
    }

    /// <summary>Hides this gateway's own number when nothing of the site is open or shown any more.</summary>
    private void HideOwn(SiteConnection site)
    {
        if (site.Streams.Count == 0 && site.Streams.Shown.Count == 1)
        {
            site.Streams.Hide(CountKey.ForGateway(site.Streams.Site, identity.Id));
            Count(site, 0);
        }
    }
}
