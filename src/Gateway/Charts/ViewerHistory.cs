using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Charts;

/// <summary>The history of one number over one range. It is refreshed in the background while a chart shows it.</summary>
internal sealed partial class ViewerHistory(
    CountKey key, ChartRange range, ICluster cluster, Feeds feeds, TimeProvider clock, ILogger log)
{
    /// <summary>An older history is requested again, once for all charts that show it.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private Task asking = Task.CompletedTask;
    private long? asked;

    public CountKey Key => key;

    public ChartRange Range => range;

    /// <summary>The last history from the cluster; empty before the first answer.</summary>
    public ViewerHistorySnapshot Now { get; private set; } = new(range, clock.GetUtcNow(), null, []);

    /// <summary>The number of charts that use it. The lock of <see cref="ViewerHistories"/> guards it.</summary>
    public int Users { get; set; }

    /// <summary>
    /// Requests the history from the cluster, unless a request is under way or the last one is fresh. A gateway that stops does not refresh
    /// it: the history would show how viewers seem to leave. Does not block.
    /// </summary>
    /// <returns>A task that never fails. It ends when the history is as fresh as possible.</returns>
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
            using var timeout = new CancellationTokenSource(ReadTimeout, clock);
            var at = clock.GetUtcNow();
            var status = await cluster.GetAsync(key, timeout.Token);
            var history = await cluster.GetHistoryAsync(key, range.Step, at - range.Length, at, timeout.Token);
            Now = new ViewerHistorySnapshot(range, at, status.Since, history);
        }
        catch (Exception e)
        {
            // Charts keep the last history. A later draw requests it again.
            LogFailed(log, e);
            return;
        }

        feeds.Find(key)?.Redraw();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The history of a chart could not be read. The chart shows the last one.")]
    private static partial void LogFailed(ILogger log, Exception exception);
}
