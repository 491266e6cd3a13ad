using System.Diagnostics;
using System.Net.Sockets;
using Counter.Load;

namespace Counter.Attack.Honest;

/// <summary>Watches a page that other viewers open and leave, and times the pushes of the new number after each opening.</summary>
internal sealed class Pushes : IAsyncDisposable
{
    private const string Page = "/online.png?site=pushed.example&page=/";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Latencies latencies = new();
    private readonly CancellationTokenSource over = new();
    private readonly Task watching;

    public Pushes(Uri gateway) => watching = WatchAsync(gateway);

    public string Take() => latencies.Take();

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await watching;
        over.Dispose();
    }

    private async Task WatchAsync(Uri gateway)
    {
        while (!over.IsCancellationRequested)
        {
            var opening = latencies.Begin();
            try
            {
                using var watcher = new Viewer(Page + "&watch=1");
                await watcher.OpenAsync(gateway, 0);
                await UntilAsync(() => watcher.Frames > 0);
                latencies.End(opening);
                while (true)
                {
                    await ChangeAsync(gateway, watcher);
                }
            }
            catch (Exception e) when (e is SocketException or TimeoutException)
            {
                // The next round opens the page again.
                latencies.Fail(opening);
                await Task.Delay(Pause, over.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
            }
            catch (OperationCanceledException)
            {
                // The run has ended.
            }
        }
    }

    private async Task ChangeAsync(Uri gateway, Viewer watcher)
    {
        var (frames, wait) = (watcher.Frames, latencies.Begin());
        using (var viewer = new Viewer(Page))
        {
            try
            {
                await viewer.OpenAsync(gateway, 0);
                await UntilAsync(() => watcher.Frames > frames);
                latencies.End(wait, watcher.LastFrame);
            }
            catch
            {
                latencies.Fail(wait);
                throw;
            }

            await Task.Delay(Pause, over.Token);
            frames = watcher.Frames;
        }

        await UntilAsync(() => watcher.Frames > frames);
        await Task.Delay(Pause, over.Token);
    }

    private async Task UntilAsync(Func<bool> done)
    {
        for (var since = Stopwatch.GetTimestamp(); !done();)
        {
            if (Stopwatch.GetElapsedTime(since) > Patience)
            {
                throw new TimeoutException();
            }

            await Task.Delay(Glance, over.Token);
        }
    }
}
