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
/// Tells the presence of each site what opens and closes here, and which numbers are shown: at once when nothing is under way for the site, else with
/// the next batch. Takes what it answers and what the cluster broadcasts.
/// </summary>
internal sealed partial class PresenceClient : IDisposable
{
    /// <summary>A batch that is not answered for so long is sent again.</summary>
    public static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    // More would only wait in the silos.
    private const int MostAtOnce = 256;

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

    /// <summary>A number that is shown has changed.</summary>
    public event Action<CountUpdate>? Changed;

    /// <summary>Numbers include these streams from now on.</summary>
    public event Action<IReadOnlyList<StreamEntry>>? Acknowledged;

    /// <summary>The presence of a site does not answer in time, or has answered again: these numbers are other ones.</summary>
    public event Action<IReadOnlyList<CountKey>>? Estimated;

    /// <summary>The cluster does not know this gateway.</summary>
    public event Action? RenewalWanted;

    /// <summary>Probes the streams here.</summary>
    public StreamProbes Probes { get; }

    /// <summary>Whether the cluster answers; true before it was asked.</summary>
    public bool IsConnected => isConnected;

    /// <summary>The viewers that are counted by streams here.</summary>
    public int Viewers => Volatile.Read(ref viewers);

    /// <summary>How often a viewer ever began to count here.</summary>
    public long Entered => Interlocked.Read(ref entered);

    /// <summary>How often a viewer ever ceased to.</summary>
    public long Left => Interlocked.Read(ref left);

    /// <summary>The pages that somebody here looks at.</summary>
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

    /// <summary>Whether somebody here looks at a page.</summary>
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

    /// <summary>As much of a number as can be told here, where nobody shows it and the cluster does not answer.</summary>
    public int Estimate(CountKey key) => sites.TryGetValue(key.Site, out var site) ? site.Streams.Estimate(key) : 0;

    /// <summary>The site that a number is of, as it is here; it is shown from now on. What that changes is told with the next <see cref="Send"/>.</summary>
    public SiteConnection Show(CountKey key)
    {
        lock (gate)
        {
            var site = FindOrAdd(key.Site);
            site.Streams.Show(key);
            return site;
        }
    }

    /// <summary>A number is not shown any more.</summary>
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

    /// <summary>A stream that counts somebody opens. It is told with the next <see cref="Send"/>.</summary>
    public StreamEntry Open(Arrival arrival, IOpenResponse response)
    {
        StreamEntry entry;
        SiteConnection site;
        lock (gate)
        {
            entry = new StreamEntry(++streams, arrival, response, clock.GetTimestamp());
            ref var page = ref CollectionsMarshal.GetValueRefOrAddDefault(pages, arrival.Page, out var isHeld);
            page = (isHeld ? page.Page : arrival.Page, page.Streams + 1);
            site = FindOrAdd(arrival.Page.Site);
            site.Streams.Open(entry);
        }

        Estimate(site, arrival.Page);
        Probes.Opened(entry);
        traced.Add();
        return entry;
    }

    /// <summary>It has closed.</summary>
    public void Close(StreamEntry entry)
    {
        Probes.Closed(entry);
        traced.Add();
        var key = entry.Arrival.Page;
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

    /// <summary>A browser has few connections left: of these streams those that count nobody are probed, or ended where nothing settles them.</summary>
    public void Release(IEnumerable<StreamEntry> entries, int mostEnded)
    {
        foreach (var some in entries.GroupBy(entry => entry.Arrival.Page.Site))
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

    /// <summary>What came and went is shown though the presence of the site does not answer.</summary>
    private void Estimate(SiteConnection? site, PageKey page)
    {
        if (site is { IsStale: true })
        {
            Estimated?.Invoke([CountKey.ForPage(page), CountKey.ForSite(page.Site), CountKey.ForVisitors(page.Site)]);
        }
    }

    /// <summary>Where nothing is open or shown any more, nothing needs to be told of this gateway's own number either.</summary>
    private void HideOwn(SiteConnection site)
    {
        if (site.Streams.Count == 0 && site.Streams.Shown.Count == 1)
        {
            site.Streams.Hide(CountKey.ForGateway(site.Streams.Site, identity.Id));
            Count(site, 0);
        }
    }
}
