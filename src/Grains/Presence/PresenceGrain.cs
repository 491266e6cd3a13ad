using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Grains.Changes;
using Counter.Grains.Gateways;
using Counter.Grains.Messages;
using Counter.Grains.Sites;
using Microsoft.Extensions.Logging;

namespace Counter.Grains.Presence;

/// <inheritdoc cref="IPresenceGrain"/>
/// <remarks>
/// No turn waits for another grain or a store: one worker reports to the site, with the newest numbers of each page. The grain stays active
/// while the site has viewers.
/// </remarks>
[Reentrant]
[CollectionAgeLimit(Minutes = 2)]
internal sealed partial class PresenceGrain(
    CountingOptions options, LiveGateways live, ActivePresences presences, ActiveSites sites, ChangeBroadcaster broadcaster, ILogger<PresenceGrain> log)
    : Grain, IPresenceGrain, IPresencePublisher
{
    private static readonly TimeSpan ReportTimeout = TimeSpan.FromSeconds(1);

    private SitePresence presence = null!;
    private ActivePresence active = null!;
    private ITimer? timer;
    private long? armedFor;
    private CountLimits limits = new(int.MaxValue, int.MaxValue, int.MaxValue);
    private bool isKept;

    private string Site => this.GetPrimaryKeyString();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        presence = new SitePresence(Site, Random.Shared.NextInt64(1, long.MaxValue), options.Clock, this, presences.Probes);
        active = new ActivePresence(this.AsReference<IPresenceGrain>());
        presences.Add(active);
        Settle();
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        presences.Remove(active);
        await ReportAsync();
        if (timer is not null)
        {
            await timer.DisposeAsync();
        }
    }

    public Task<PresenceReply> SendAsync(PresenceBatch batch)
    {
        if (!live.IsLive(batch.Gateway))
        {
            // The gateway may be new. Ask the registry now, so that the gateway is known when it sends the batch again.
            _ = live.IsLiveAsync(batch.Gateway).AsTask().ContinueWith(static asked => _ = asked.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return Task.FromResult(PresenceReply.UnknownGateway);
        }

        limits = batch.Limits ?? limits;
        var reply = presence.Apply(batch);
        if (!presence.IsWhole && live.All is { } all)
        {
            presence.EndResync(all);
        }

        if (Traces.Current is { } cause)
        {
            reply = reply with { Numbers = [.. reply.Numbers.Select(number => number with { Trace = cause.Id })] };
        }

        Settle();
        return Task.FromResult(reply);
    }

    public Task TickAsync()
    {
        armedFor = null;
        presence.Tick();
        Settle();
        return Task.CompletedTask;
    }

    public async Task ExpireAsync()
    {
        foreach (var gone in presence.Gateways.Where(gateway => !live.IsLive(gateway)).ToList())
        {
            presence.Expire(gone);
        }

        Settle();

        // A site on a lost silo may not answer for long. The silo's service must go on with other presences meanwhile.
        await ReportAsync().WaitAsync(ReportTimeout, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    public Task ReportAllAsync()
    {
        presence.ReportAll();
        return Task.CompletedTask;
    }

    public Task AskTotalsAsync()
    {
        presence.AskAll();
        return Task.CompletedTask;
    }

    public Task<(CountUpdate Total, bool IsWhole)> FindAsync(CountKey key) => Task.FromResult((presence.Find(key), presence.IsWhole));

    public Task<(IReadOnlyList<long> Viewers, bool IsWhole)> CountAsync(IReadOnlyList<CountKey> keys) =>
        Task.FromResult<(IReadOnlyList<long>, bool)>(([.. keys.Select(key => presence.Find(key).Viewers)], presence.IsWhole));

    public Task<IReadOnlyList<PageReport>?> PagesAsync() => Task.FromResult(presence.IsWhole ? presence.Pages : null);

    public Task<PageExplanation> ExplainAsync(string path) => Task.FromResult(presence.Explain(path));

    void IPresencePublisher.Publish(string gateway, CountUpdate total)
    {
        if (live.ClientOf(gateway) is { } client)
        {
            broadcaster.Publish(client, total);
        }
    }

    void IPresencePublisher.Publish(string gateway, string site, StreamCommand command)
    {
        if (live.ClientOf(gateway) is { } client)
        {
            broadcaster.Publish(client, new SiteCommand(site, command));
        }
    }

    void IPresencePublisher.Judged(string browser, bool works)
    {
        if (works)
        {
            LogProbesWork(browser);
        }
        else
        {
            LogProbesGivenUp(browser);
        }
    }

    void IPresencePublisher.Reportable()
    {
        if (reporting.IsCompleted)
        {
            reporting = RunAsync();
        }
    }

    /// <summary>Ends a turn: updates what the silo sees, sets the timer, and decides whether the grain may deactivate.</summary>
    private void Settle()
    {
        if (!active.Gateways.SequenceEqual(presence.Gateways))
        {
            active.Gateways = [.. presence.Gateways];
        }

        active.IsBehind = IsBehind || !reporting.IsCompleted;
        if (presence.DueAt is { } due && !(armedFor <= due))
        {
            armedFor = due;
            var wait = options.Clock.GetElapsedTime(options.Clock.GetTimestamp(), due);
            wait = wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
            var grain = active.Grain;
            if (timer is null)
            {
                timer = options.Clock.CreateTimer(_ => grain.TickAsync().Ignore(), null, wait, Timeout.InfiniteTimeSpan);
            }
            else
            {
                timer.Change(wait, Timeout.InfiniteTimeSpan);
            }
        }

        if (isKept == presence.IsEmpty)
        {
            isKept = !isKept;
            DelayDeactivation(isKept ? Timeout.InfiniteTimeSpan : TimeSpan.Zero);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Probes of {Browser} do not work: more than a fifth of the pages that were probably left stayed open "
        + "until the browser's cache ended. Until probes work again, pages that were probably left do not count for 65 s. "
        + "Check whether a proxy changes response bodies; if not, try a larger Streaming:ProbeBytes.")]
    private partial void LogProbesGivenUp(string browser);

    [LoggerMessage(Level = LogLevel.Information, Message = "Probes of {Browser} work again.")]
    private partial void LogProbesWork(string browser);
}
