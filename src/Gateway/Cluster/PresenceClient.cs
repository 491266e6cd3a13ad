using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Gateway.Documents;
using Counter.Gateway.Operations;
using Counter.Gateway.Sites;
using Counter.Gateway.Streaming;
using Counter.Grains.Hosting;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Cluster;

/// <summary>
/// Tells the presence of each site what opens and closes here, and which numbers are shown: at once when nothing is under way for the site, else with
/// the next batch. Takes what it answers and what the cluster broadcasts.
/// </summary>
internal sealed partial class PresenceClient : IBroadcastReceiver, IDisposable
{
    /// <summary>A batch that is not answered for so long is sent again.</summary>
    public static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    // More would only wait in the silos.
    private const int MostAtOnce = 256;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(50);

    private readonly ICluster cluster;
    private readonly ThisGateway here;
    private readonly DocumentBook<SiteSettings> settings;
    private readonly LimitsOptions limits;
    private readonly TimeSpan soon;
    private readonly TimeProvider clock;
    private readonly CounterMetrics metrics;
    private readonly ILogger<PresenceClient> log;
    private readonly TracedChanges traced = new();
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, SiteLink> sites = new(StringComparer.Ordinal);
    private readonly Dictionary<PageKey, (PageKey Page, int Streams)> pages = [];
    private readonly ConcurrentQueue<(long At, SiteLink Site, long Batch)> overdue = [];
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
        ICluster cluster, ThisGateway here, DocumentBook<SiteSettings> settings, IOptions<LimitsOptions> limits, IOptions<StreamingOptions> options,
        TimeProvider clock, CounterMetrics metrics, ILogger<PresenceClient> log)
    {
        (this.cluster, this.here, this.settings, this.clock, this.metrics, this.log) = (cluster, here, settings, clock, metrics, log);
        (this.limits, soon) = (limits.Value, options.Value.FirstFrame);
        Probes = new StreamProbes(new ProbeOptions(options.Value.ProbeInterval, options.Value.ProbesPerSecond), clock);
        timer = clock.CreateTimer(_ => NoticeOverdue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        metrics.Observe(this);
    }

    /// <summary>A number that is shown has changed.</summary>
    public event Action<Total>? Changed;

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
    public SiteLink Show(CountKey key)
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
        lock (gate)
        {
            entry = new StreamEntry(++streams, arrival, response, clock.GetTimestamp());
            ref var page = ref CollectionsMarshal.GetValueRefOrAddDefault(pages, arrival.Page, out var isHeld);
            page = (isHeld ? page.Page : arrival.Page, page.Streams + 1);
            FindOrAdd(arrival.Page.Site).Streams.Open(entry);
        }

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
        lock (gate)
        {
            ref var page = ref CollectionsMarshal.GetValueRefOrNullRef(pages, key);
            if (--page.Streams == 0)
            {
                pages.Remove(key);
            }

            if (sites.TryGetValue(key.Site, out var site))
            {
                site.Streams.Close(entry);
                HideOwn(site);
            }
        }

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

    /// <summary>Sends what there is to say about a site.</summary>
    public void Send(string site)
    {
        if (!sites.TryGetValue(site, out var link))
        {
            return;
        }

        if (link.TryBegin())
        {
            // Ends when nothing is left to say. Whatever fails is tried again.
            _ = RunAsync(link);
        }

        if (link.IsStale)
        {
            Estimated?.Invoke(link.Streams.Shown);
        }
    }

    /// <summary>Asks the presence of every site what it has: it may have begun anew, or have been told that this gateway is gone.</summary>
    public void CheckAll(bool asksAll = false)
    {
        foreach (var (name, site) in sites)
        {
            site.Streams.Check(asksAll);
            Send(name);
        }
    }

    /// <summary>The cluster has answered.</summary>
    public void Connect()
    {
        isConnected = true;
        connection.TrySetResult();
    }

    /// <summary>The cluster does not answer: nothing is sent until it does.</summary>
    public void Disconnect()
    {
        isConnected = false;
        Await();
    }

    /// <summary>Waits until everything that was to be said is, or cannot be.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        while (Volatile.Read(ref underWay) > 0 && isConnected && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public void Apply(Total total)
    {
        if (sites.TryGetValue(total.Key.Site, out var site) && site.Streams.Apply(total))
        {
            Take(site, total);
        }
    }

    /// <inheritdoc/>
    public void Apply(string site, StreamCommand command)
    {
        if (sites.TryGetValue(site, out var link))
        {
            Do(link, command);
        }
    }

    /// <inheritdoc/>
    public void Missed() => CheckAll(asksAll: true);

    public void Dispose()
    {
        end.Cancel();
        timer.Dispose();
        end.Dispose();
    }

    private SiteLink FindOrAdd(string name)
    {
        if (!sites.TryGetValue(name, out var site))
        {
            var most = settings.Entries.GetValueOrDefault(name)?.Value.Limits.Pages ?? limits.PagesPerSite;
            sites[name] = site = new SiteLink(new SiteStreams(here.Id, name, () => Interlocked.Increment(ref batches), clock));
            site.Streams.Limits = new CountLimits(limits.Sites, limits.Pages, most);
        }

        site.Streams.Show(CountKey.ForGateway(name, here.Id));
        return site;
    }

    /// <summary>Where nothing is open or shown any more, nothing needs to be told of this gateway's own number either.</summary>
    private void HideOwn(SiteLink site)
    {
        if (site.Streams.Count == 0 && site.Streams.Shown.Count == 1)
        {
            site.Streams.Hide(CountKey.ForGateway(site.Streams.Site, here.Id));
            Count(site, 0);
        }
    }

    private async Task RunAsync(SiteLink site)
    {
        Interlocked.Increment(ref underWay);
        var failures = 0;
        try
        {
            while (!end.IsCancellationRequested)
            {
                if ((site.Streams.TakeAgain() ?? site.Streams.TakeBatch()) is not { } batch)
                {
                    Forget(site);
                    site.End();

                    // Somebody may have come just now and seen that this was running.
                    if (!site.Streams.HasNews || !site.TryBegin())
                    {
                        return;
                    }

                    continue;
                }

                failures = await TrySendAsync(site, batch) ? 0 : failures + 1;
                if (failures > 0)
                {
                    await Task.Delay(FirstWait * (1 << Math.Min(failures - 1, 5)), clock, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    await connection.Task.WaitAsync(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
        catch (Exception e)
        {
            LogFailed(e);
            site.End();
        }
        finally
        {
            Interlocked.Decrement(ref underWay);
        }
    }

    /// <returns>False when the batch is to be sent again after a while.</returns>
    private async Task<bool> TrySendAsync(SiteLink site, PresenceBatch batch)
    {
        overdue.Enqueue((clock.FromNow(soon), site, batch.Number));
        if (Interlocked.Exchange(ref isArmed, 1) == 0)
        {
            timer.Change(soon, Timeout.InfiniteTimeSpan);
        }

        var started = clock.GetTimestamp();
        using var span = traced.Start("counter.report")?.SetTag("counter.streams", batch.Changes.Count);
        try
        {
            PresenceReply reply;
            await turns.WaitAsync(end.Token);
            try
            {
                reply = await cluster.SendAsync(site.Streams.Site, batch, end.Token).AsTask().WaitAsync(Again, clock, end.Token);
            }
            finally
            {
                turns.Release();
            }

            metrics.Reported(clock.GetElapsedTime(started));
            if (reply.Status == BatchStatus.UnknownGateway)
            {
                RenewalWanted?.Invoke();
                return false;
            }

            Answer(site, reply);
            return true;
        }
        catch (TimeoutException)
        {
            return true;
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception e)
        {
            if (e is not ClusterUnavailableException)
            {
                LogFailed(e);
            }

            Disconnect();
            Notice(site);
            RenewalWanted?.Invoke();
            return false;
        }
    }

    private void Answer(SiteLink site, PresenceReply reply)
    {
        var (numbers, acknowledged) = site.Streams.Answer(reply);
        var wasStale = site.IsStale;
        site.IsStale = false;
        foreach (var total in numbers)
        {
            Take(site, total);
        }

        if (acknowledged.Count > 0)
        {
            Acknowledged?.Invoke(acknowledged);
        }

        if (wasStale)
        {
            Estimated?.Invoke(site.Streams.Shown);
        }

        foreach (var command in reply.Commands)
        {
            Do(site, command);
        }
    }

    private void Take(SiteLink site, Total total)
    {
        if (total.Key.Of == CountOf.Gateway)
        {
            lock (gate)
            {
                Count(site, total.Viewers);
            }

            return;
        }

        Changed?.Invoke(total);
    }

    private void Count(SiteLink site, int now)
    {
        var by = now - site.Viewers;
        site.Viewers = now;
        viewers += by;
        entered += Math.Max(by, 0);
        left += Math.Max(-by, 0);
    }

    private void Do(SiteLink site, StreamCommand command)
    {
        if (site.Streams.Find(command.Stream) is not { } stream)
        {
            return;
        }

        if (command.Kind == CommandKind.Probe)
        {
            Probes.Probe(stream, command, () =>
            {
                site.Streams.Probed(stream);
                Send(site.Streams.Site);
            });
            return;
        }

        if (command.Kind == CommandKind.Refuse)
        {
            metrics.Refused("pages");
            LogRefused(site.Streams.Site);
            if (site.Streams.Site == Relay.ChannelName.Site)
            {
                // Whoever watches a relay's channel goes on watching, uncounted.
                return;
            }
        }

        stream.IsEnded = true;
        stream.Response.End();
    }

    private void Forget(SiteLink site)
    {
        lock (gate)
        {
            if (site.Streams.IsEmpty)
            {
                Count(site, 0);
                sites.TryRemove(KeyValuePair.Create(site.Streams.Site, site));
            }
        }
    }

    /// <summary>The presence of a site does not answer: whoever waits for it is shown what is known.</summary>
    private void Notice(SiteLink site)
    {
        if (!site.IsStale)
        {
            site.IsStale = true;
            Estimated?.Invoke(site.Streams.Shown);
        }
    }

    private void NoticeOverdue()
    {
        while (overdue.TryPeek(out var next))
        {
            var wait = clock.GetElapsedTime(clock.GetTimestamp(), next.At);
            if (wait > TimeSpan.Zero)
            {
                timer.Change(wait, Timeout.InfiniteTimeSpan);
                return;
            }

            overdue.TryDequeue(out _);
            if (next.Site.Streams.TakeAgain()?.Number == next.Batch)
            {
                Notice(next.Site);
            }
        }

        Volatile.Write(ref isArmed, 0);
        if (!overdue.IsEmpty && Interlocked.Exchange(ref isArmed, 1) == 0)
        {
            timer.Change(soon, Timeout.InfiniteTimeSpan);
        }
    }

    private void Await()
    {
        if (connection.Task.IsCompleted)
        {
            connection = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cluster did not take what opened and closed here; trying again.")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Site} has as many pages as it may have (Limits:PagesPerSite); a new one is not counted.")]
    private partial void LogRefused(string site);
}
