using Microsoft.Extensions.Logging;

namespace Counter.Grains;

/// <summary>Whether what grains keep can be stored. Says once that it cannot, not once for each page, and once that it can again. Safe for concurrent use.</summary>
/// <remarks>On a full disk small things can be stored while larger ones cannot: it works again when nothing failed for as long as it takes to try all again.</remarks>
internal sealed partial class StoreHealth(CountingOptions options, ILogger<StoreHealth> log) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);

    private int isFailing;
    private long failedAt;
    private int lost;

    /// <summary>Whether something could not be stored lately.</summary>
    public bool IsFailing => Volatile.Read(ref isFailing) == 1;

    /// <summary>Something could not be stored.</summary>
    public void Fail(Exception exception)
    {
        Volatile.Write(ref failedAt, options.Timers.GetTimestamp());
        if (Interlocked.Exchange(ref isFailing, 1) == 0)
        {
            LogFailing(exception.GetBaseException().Message);
        }
    }

    /// <summary>Something was stored.</summary>
    public void Work()
    {
        if (IsFailing && options.Timers.GetElapsedTime(Volatile.Read(ref failedAt)) > options.SaveInterval + Round && Interlocked.Exchange(ref isFailing, 0) == 1)
        {
            LogWorking();
        }
    }

    /// <summary>A page or a site left memory, and what had changed could not be stored.</summary>
    public void Lose(Exception exception)
    {
        Fail(exception);
        Interlocked.Increment(ref lost);
    }

    /// <summary>Says at the end, when grains have left memory, what is lost.</summary>
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(StoreHealth), ServiceLifecycleStage.RuntimeInitialize, _ => Task.CompletedTask, _ =>
    {
        if (lost > 0)
        {
            LogLost(lost);
        }

        return Task.CompletedTask;
    });

    [LoggerMessage(Level = LogLevel.Error, Message = "What changes cannot be stored ({Reason}). Numbers are kept in memory and tried again; settings cannot be changed meanwhile.")]
    private partial void LogFailing(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Storing works again.")]
    private partial void LogWorking();

    [LoggerMessage(Level = LogLevel.Error, Message = "Stopped with {Count} pages and sites unsaved: what happened there since they were stored last is lost.")]
    private partial void LogLost(int count);
}
