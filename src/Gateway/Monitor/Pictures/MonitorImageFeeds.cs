using System.Collections.Concurrent;
using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;
using Counter.Gateway.Monitor.Sampling;
using Counter.Gateway.Settings;
using Counter.Gateway.Streaming;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Monitor.Pictures;

/// <summary>Draws each watched picture every two seconds, once for all its watchers.</summary>
internal sealed partial class MonitorImageFeeds(
    SampleHistory history, ClusterPoller poller, ChartRenderer renderer, IOptions<StreamingOptions> options, TimeProvider clock, ILogger<MonitorImageFeeds> log)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<LiveStream, MonitorImageKey> streams = [];

    // The last pictures after the newest sample. Streams share them, because all streams end together when the gateway stops. Guarded by itself.
    private readonly Dictionary<MonitorImageKey, Frame> last = [];
    private DateTimeOffset lastAt;

    /// <summary>Shows a picture on a stream until the stream ends or the token is cancelled.</summary>
    public async Task RunAsync(MonitorImageKey key, LiveStream stream, CancellationToken over)
    {
        using var gone = stream.Aborted.UnsafeRegister(static stream => ((LiveStream)stream!).Close(), stream);
        streams[stream] = key;
        try
        {
            stream.Offer(Draw(key, live: true));
            using var end = over.UnsafeRegister(_ => End(key, stream), null);
            await stream.Completion;
        }
        finally
        {
            stream.Close();
            streams.TryRemove(stream, out _);
        }
    }

    /// <summary>Draws a picture of the current samples.</summary>
    /// <param name="key">The picture.</param>
    /// <param name="live">False for the last one of a stream.</param>
    public Frame Draw(MonitorImageKey key, bool live)
    {
        var samples = history.Take();
        return key.Name == MonitorImageKey.Sheet
            ? DashboardImage.Draw(key, samples, poller.Busiest, renderer, clock.GetUtcNow(), live)
            : renderer.Render(MonitorCharts.Make(key.Name, samples, clock.GetUtcNow(), live), key.Style, key.Format);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var picture in streams.GroupBy(s => s.Value, s => s.Key))
                {
                    Show(picture.Key, picture);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops. The streams end by their own token.
        }
    }

    private void Show(MonitorImageKey key, IEnumerable<LiveStream> watching)
    {
        try
        {
            var frame = Draw(key, live: true);
            foreach (var stream in watching)
            {
                stream.Maintain(options.Value);
                stream.Offer(frame);
            }
        }
        catch (Exception e)
        {
            // The next round tries again. The other pictures are not affected.
            LogFailed(key.Name, e);
        }
    }

    private Frame DrawLast(MonitorImageKey key)
    {
        lock (last)
        {
            var at = history.Take(most: 1) is [var newest] ? newest.At : default;
            if (at != lastAt)
            {
                last.Clear();
                lastAt = at;
            }

            return last.TryGetValue(key, out var drawn) ? drawn : last[key] = Draw(key, live: false);
        }
    }

    private void End(MonitorImageKey key, LiveStream stream)
    {
        try
        {
            stream.End(DrawLast(key));
        }
        catch (Exception e)
        {
            // The code that cancels the token must not fail because of a picture.
            LogFailed(key.Name, e);
            stream.Close();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The monitor's picture {Name} could not be drawn.")]
    private partial void LogFailed(string name, Exception exception);
}
