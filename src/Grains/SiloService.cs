using Counter.Counting.Cluster;
using Counter.Grains.Changes;
using Counter.Grains.Gateways;
using Counter.Grains.Messages;
using Counter.Grains.Pages;
using Counter.Grains.Presence;
using Counter.Grains.Sites;
using Counter.Grains.Webhooks;
using Microsoft.Extensions.Logging;

namespace Counter.Grains;

/// <inheritdoc cref="ISiloService"/>
/// <remarks>
/// The main loop polls the registry every second until the silo stops. While the registry does not answer, no gateway expires, because the silo
/// cannot know which are alive. Heartbeats have their own loop: the main loop may wait for the registry for longer than the gateways' timeout.
/// </remarks>
internal sealed partial class SiloService(
    GrainId id, Silo silo, ILoggerFactory logs, LiveGateways live, ActivePresences presences, ActivePages pages, ActiveSites sites, ChangeBroadcaster broadcaster,
    WebhookCache webhooks, IGrainFactory grains, ISilos silos, StoreHealth store, CountingOptions options) : GrainService(id, silo, logs), ISiloService
{
    private const int SavesAtOnce = 32;

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StepsOfHistory = TimeSpan.FromMinutes(1);

    private readonly ILogger log = logs.CreateLogger<SiloService>();
    private Task saving = Task.CompletedTask;
    private volatile Exception? unsaved;

    public override Task Start()
    {
        var stop = StoppedCancellationTokenSource.Token;
        _ = RunAsync(stop);
        _ = Task.Run(() => BeatAsync(stop), stop);
        return base.Start();
    }

    public Task ApplyAsync(GatewaySet set)
    {
        live.Apply(set);
        return (tending ??= new SerialAction(MaintainAsync)).RunAsync();
    }

    public Task<SiteUpdates> SitesAsync(long after) => Task.FromResult(sites.ChangesAfter(after));

    public Task<IReadOnlyList<CountStatus>> BusiestAsync(int most) => Task.FromResult(pages.Busiest(most));

    private async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Round, options.Timers, stop);
                await ApplyAsync(await live.PollAsync());
                if (saving.IsCompleted)
                {
                    saving = SaveAsync();
                }

                if (asking.IsCompleted)
                {
                    asking = AskAsync();
                }

                if (judging.IsCompleted)
                {
                    judging = TryAsync(JudgeAsync);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The silo stops. Every grain saves its changes when it deactivates.
            }
            catch (Exception e)
            {
                LogFailed(e);
            }
        }
    }

    private async Task BeatAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Round, options.Timers, stop);
                broadcaster.Beat();
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task SaveAsync()
    {
        var saved = await SaveAsync(pages.All) + await SaveAsync(sites.All);
        if (Interlocked.Exchange(ref unsaved, null) is { } reason)
        {
            store.Fail(reason);
        }
        else if (saved > 0)
        {
            store.Work();
        }
    }

    /// <returns>The number of grains that were due.</returns>
    private async Task<int> SaveAsync(IEnumerable<ActiveGrain> grains)
    {
        var now = options.Now;
        var due = grains.Where(grain => IsDue(grain, now)).ToList();
        var few = new ParallelOptions { MaxDegreeOfParallelism = SavesAtOnce, TaskScheduler = TaskScheduler.Current };
        await Parallel.ForEachAsync(due, few, async (grain, _) => await TrySaveAsync(grain, now));
        return due.Count;
    }

    /// <summary>A grain whose viewers stay is not dirty. It is still saved once per history step, because their time goes into the history.</summary>
    private bool IsDue(ActiveGrain grain, DateTimeOffset now) =>
        now - grain.SavedAt is var since && since >= options.SaveInterval && (grain.IsDirty || (since >= StepsOfHistory && grain.HasViewers));

    /// <summary>Saves a grain. After a failure the grain stays dirty and is due again an interval later.</summary>
    private async Task TrySaveAsync(ActiveGrain grain, DateTimeOffset now)
    {
        try
        {
            await grain.SaveAsync();
        }
        catch (Exception e)
        {
            unsaved = e;
        }
        finally
        {
            grain.SavedAt = now;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Maintenance of the grains of this silo failed; trying again.")]
    private partial void LogFailed(Exception exception);
}
