using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Charts;

/// <summary>The past of one number over one range, kept fresh in the background while somebody looks.</summary>
internal sealed partial class ViewerHistory(
    CountKey key, ChartRange range, ICluster cluster, Feeds feeds, TimeProvider clock, ILogger log)
{
    /// <summary>A past that is older is asked for again, once, however many look.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private Task asking = Task.CompletedTask;
    private long? asked;

    /// <summary>The number.</summary>
    public CountKey Key => key;

    /// <summary>How far back.</summary>
    public ChartRange Range => range;

    /// <summary>What the cluster told last; nothing before it told anything.</summary>
    public ViewerHistorySnapshot Now { get; private set; } = new(range, clock.GetUtcNow(), null, []);

    /// <summary>How many use it; guarded by whoever shares it out.</summary>
    public int Users { get; set; }

    /// <summary>
    /// Asks the cluster, unless that is under way or what is here is fresh. While the gateway stops it would tell how viewers seem to leave.
    /// Does not wait for anybody.
    /// </summary>
    /// <returns>Ends, and never fails, when it is as fresh as can be.</returns>
    public Task Refresh()
    {
        lock (gate)
        {
            if (asking.IsCompleted && (asked is not { } last || (clock.GetElapsedTime(last) >= Fresh && !feeds.IsFrozen)))
            {
                asked = clock.GetTimestamp();
                asking = Task.Run(AskAsync);
            }

            return asking;
        }
    }

    private async Task AskAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience, clock);
            var at = clock.GetUtcNow();
            var status = await cluster.GetAsync(key, patience.Token);
            var history = await cluster.GetHistoryAsync(key, range.Step, at - range.Length, at, patience.Token);
            Now = new ViewerHistorySnapshot(range, at, status.Since, history);
        }
        catch (Exception e)
        {
            // Charts go on with what they have, and the next one that is drawn after a while has it asked for again.
            LogFailed(log, e);
            return;
        }

        feeds.Find(key)?.Redraw();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cluster did not tell the history of a chart.")]
    private static partial void LogFailed(ILogger log, Exception exception);
}
