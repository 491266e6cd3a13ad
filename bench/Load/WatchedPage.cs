using System.Diagnostics;
using System.Globalization;

namespace Counter.Load;

/// <summary>A page that is watched at one gateway, and that somebody opens and leaves at another.</summary>
internal sealed class WatchedPage : IDisposable
{
    private readonly string query;
    private readonly string name;
    private readonly Uri viewedAt;
    private readonly EventViewer watcher;
    private volatile TaskCompletionSource<long>? awaited;
    private EventViewer? viewer;
    private int wanted;

    private WatchedPage(int number, Uri viewedAt)
    {
        this.viewedAt = viewedAt;
        name = string.Create(CultureInfo.InvariantCulture, $"load {number}");
        query = string.Create(CultureInfo.InvariantCulture, $"site=load.example&page=/{number}");
        watcher = new EventViewer(Told);
    }

    /// <summary>Whether somebody has it open.</summary>
    public bool IsViewed => viewer is not null;

    /// <summary>Watches a page that nobody looks at.</summary>
    public static async Task<WatchedPage> OpenAsync(int number, Uri watchedAt, Uri viewedAt)
    {
        var page = new WatchedPage(number, viewedAt);
        await page.watcher.OpenAsync(watchedAt, page.query + "&watch=1", "watcher");
        return page;
    }

    /// <summary>Opens the page when nobody has, or leaves it, and waits until the watcher is told.</summary>
    /// <returns>How long that took, connecting included.</returns>
    public async Task<TimeSpan> ChangeAsync()
    {
        wanted = IsViewed ? 0 : 1;
        var told = awaited = new TaskCompletionSource<long>();
        var began = Stopwatch.GetTimestamp();
        if (viewer is null)
        {
            viewer = new EventViewer();
            await viewer.OpenAsync(viewedAt, query, name);
        }
        else
        {
            viewer.Dispose();
            viewer = null;
        }

        return Stopwatch.GetElapsedTime(began, await told.Task);
    }

    public void Dispose()
    {
        viewer?.Dispose();
        watcher.Dispose();
    }

    private void Told(int viewers)
    {
        if (viewers == wanted)
        {
            awaited?.TrySetResult(Stopwatch.GetTimestamp());
        }
    }
}
