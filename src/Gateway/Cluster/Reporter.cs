using System.Threading.Channels;
using Counter.Counting;
using Counter.Counting.Cluster;
using Counter.Counting.Presence;
using Counter.Gateway.Documents;
using Counter.Gateway.Operations;
using Counter.Gateway.Sites;
using Counter.Gateway.Streaming;
using Counter.Grains.Hosting;

namespace Counter.Gateway.Cluster;

/// <summary>
/// Tells the cluster what changed here, coalesced, and tells the feeds what the cluster says: in the replies to reports, which
/// are the truth, and in <see cref="Hints"/>.
/// </summary>
/// <remarks>
/// One report is under way at a time, so replies come in order. The loop ends when the host stops, after a last report.
/// </remarks>
internal sealed partial class Reporter(
    ICluster cluster, ThisGateway here, Feeds feeds, DocumentBook<SiteSettings> sites, TimeProvider clock, CounterMetrics metrics,
    ILogger<Reporter> log) : BackgroundService
{
    /// <summary>Changes within this time go out together.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    /// <summary>How often the gateway says that it lives, so that its leases never end meanwhile.</summary>
    public static readonly TimeSpan Renewal = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The most pages of one report, which takes some 50 ms. While there are more, reports follow each other at once, and renewals go in
    /// between: a gateway with many pages has to live longer than it takes to report them all.
    /// </summary>
    public const int PagesAtOnce = 1000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    // A silo in this process takes a second or two to start.
    private static readonly TimeSpan LongestFirstWait = TimeSpan.FromSeconds(0.4);

    private readonly TracedChanges traced = new();
    private readonly Membership membership = new(cluster, here, feeds, clock, metrics);

    // One slot: a report that is due already says everything.
    private readonly Channel<bool> due = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private Hints? hints;
    private volatile bool renewalDue;
    private Task lookingUp = Task.CompletedTask;

    /// <summary>Whether the last report was answered; true before the first.</summary>
    public bool Connected { get; private set; } = true;

    private Audience Audience => feeds.Audience;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.Meter.CreateObservableGauge("counter.cluster.connected", () => Connected ? 1 : 0, "1", "1 while the cluster answers, 0 while it does not.");
        using var pacing = new Coalescer(clock, Pace, Wake);
        using var renewal = clock.CreateTimer(_ => Renew(), null, Renewal, Renewal);
        Renew();
        here.Listening += Renew;
        feeds.Reportable += () =>
        {
            traced.Add();
            pacing.Trigger();
        };
        hints = new Hints(cluster, feeds, membership, clock, log);
        var listening = hints.ListenAsync(stoppingToken);
        var failures = 0;
        var wasConnected = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await due.Reader.ReadAsync(stoppingToken);
                await RenewAsync(stoppingToken);
                if (await ReportAsync(stoppingToken))
                {
                    Wake();
                }

                (failures, wasConnected) = (0, true);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                // Whatever the engine failed with, the next report says everything that this one should have said.
                Tell(e);
                Connected = false;
                renewalDue = true;
                var longest = wasConnected ? LongestWait : LongestFirstWait;
                var wait = TimeSpan.FromMilliseconds(Math.Min(100 << Math.Min(failures++, 10), longest.TotalMilliseconds));
                await Task.Delay(wait, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Wake();
            }
        }

        await listening;
        await lookingUp;
        await SayGoodbyeAsync();
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        if (!renewalDue)
        {
            return;
        }

        renewalDue = false;
        await membership.RenewAsync(cancellationToken);
        Connected = true;
        if (lookingUp.IsCompleted)
        {
            lookingUp = hints!.LookUpUnknownAsync(cancellationToken);
        }
    }

    /// <returns>Whether there may be more to report.</returns>
    private async Task<bool> ReportAsync(CancellationToken cancellationToken)
    {
        var changes = Audience.TakeChanges(PagesAtOnce);
        if (changes.Count == 0)
        {
            return false;
        }

        var started = clock.GetTimestamp();
        using var span = traced.Start("counter.report")?.SetTag("counter.pages", changes.Count);
        try
        {
            var reply = await cluster.ReportAsync(new Report(here.Id, changes, MostPages(changes)), cancellationToken);
            if (!reply.Known)
            {
                Audience.Fail(changes);
                Renew();
                return false;
            }

            Audience.Confirm(changes);
            Learn(reply);
        }
        catch
        {
            Audience.Fail(changes);
            throw;
        }

        Connected = true;
        metrics.Reported(clock.GetElapsedTime(started));
        return changes.Count == PagesAtOnce;
    }

    /// <summary>How many pages the sites of a report may have, for those with a limit of their own.</summary>
    private Dictionary<string, int>? MostPages(IReadOnlyList<PageReport> changes)
    {
        var known = sites.Entries;
        return known.Count == 0 ? null : changes.Select(change => change.Page.Site).Distinct()
            .Select(site => (Site: site, Most: known.GetValueOrDefault(site)?.Value.Limits.Pages))
            .Where(limit => limit.Most is not null)
            .ToDictionary(limit => limit.Site, limit => limit.Most!.Value);
    }

    private void Learn(ReportReply reply)
    {
        foreach (var total in reply.Totals)
        {
            // While a site is being reported again, its total has only the pages that were reported so far.
            if (feeds.Find(total.Key) is { } feed && Audience.Included(total.Key) is { } included)
            {
                feed.Learn(total, included, isAnswer: true);
                hints!.LearnWaiting(feed);
            }
        }

        foreach (var page in reply.Refused)
        {
            metrics.Refused("pages");
            LogRefused(page.Site);
            if (page.Site != Relay.ChannelName.Site)
            {
                // Whoever watches a relay's channel goes on watching, uncounted.
                feeds.Presence.End(page);
            }
        }
    }

    private async Task SayGoodbyeAsync()
    {
        try
        {
            await ReportRestAsync();
            using var patience = new CancellationTokenSource(LongestWait, clock);
            await cluster.LeaveAsync(here.Id, patience.Token);
        }
        catch (Exception e)
        {
            Tell(e);
        }
    }

    private async Task ReportRestAsync()
    {
        using var patience = new CancellationTokenSource(LongestWait, clock);
        try
        {
            while (await ReportAsync(patience.Token))
            {
            }
        }
        catch (Exception e)
        {
            // That nobody is here any more matters more than how many came.
            Tell(e);
        }
    }

    /// <summary>An engine that cannot be reached has said so itself, once.</summary>
    private void Tell(Exception exception)
    {
        if (exception is not (ClusterUnavailableException or OperationCanceledException))
        {
            LogFailed(exception);
        }
    }

    private void Renew()
    {
        renewalDue = true;
        Wake();
    }

    private void Wake() => due.Writer.TryWrite(true);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cluster did not take a report; trying again.")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Site} has as many pages as it may have (Limits:PagesPerSite); a new one is not counted.")]
    private partial void LogRefused(string site);
}
