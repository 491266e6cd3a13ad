using Microsoft.Extensions.Logging;

namespace Counter.Grains;

/// <summary>Knows whether grains can save their state, and logs when that changes, once for all pages. Safe for concurrent use.</summary>
/// <remarks>
/// On a full disk small states can be stored while larger ones cannot. So the store counts as working again only after a period without a failure in
/// which every state was due.
/// </remarks>
internal sealed partial class StoreHealth(CountingOptions options, ILogger<StoreHealth> log) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);

    private int isFailing;
    private long failedAt;
    private int lost;

    /// <summary>Whether a recent save failed.</summary>
    public bool IsFailing => Volatile.Read(ref isFailing) == 1;

    /// <summary>Records a failed save.</summary>
    public void Fail(Exception exception)
    {
        Volatile.Write(ref failedAt, options.Timers.GetTimestamp());
        if (Interlocked.Exchange(ref isFailing, 1) == 0)
        {
            LogFailing(exception.GetBaseException().Message);
        }
    }

    /// <summary>Records a successful save.</summary>
    public void Work()
    {
        if (IsFailing && options.Timers.GetElapsedTime(Volatile.Read(ref failedAt)) > options.SaveInterval + Round && Interlocked.Exchange(ref isFailing, 0) == 1)
        {
            LogWorking();
        }
    }

    /// <summary>Records that a page or a site was deactivated with unsaved changes.</summary>
    public void Lose(Exception exception)
    {
        Fail(exception);
        Interlocked.Increment(ref lost);
    }

    /// <summary>Logs what is lost when the silo has stopped and all grains are deactivated.</summary>
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(StoreHealth), ServiceLifecycleStage.RuntimeInitialize, _ => Task.CompletedTask, _ =>
    {
        if (lost > 0)
        {
            LogLost(lost);
        }

        return Task.CompletedTask;
    });

    [LoggerMessage(Level = LogLevel.Error, Message = "Changes cannot be stored ({Reason}). Numbers stay in memory until the store works again; settings cannot be changed.")]
    private partial void LogFailing(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Changes can be stored again.")]
    private partial void LogWorking();

    [LoggerMessage(Level = LogLevel.Error, Message = "Stopped with {Count} pages and sites unsaved. Their changes since the last save are lost.")]
    private partial void LogLost(int count);
}
