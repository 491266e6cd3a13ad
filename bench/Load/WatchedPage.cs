using System.Diagnostics;
using System.Globalization;

namespace Counter.Load;

/// <summary>A page that is watched at one gateway, and opened and left at another.</summary>
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
        watcher = new EventViewer(Receive);
    }

    /// <summary>Whether the page is open.</summary>
    public bool IsViewed => viewer is not null;

    /// <summary>Starts to watch a page that has no viewers.</summary>
    public static async Task<WatchedPage> OpenAsync(int number, Uri watchedAt, Uri viewedAt)
    {
        var page = new WatchedPage(number, viewedAt);
        await page.watcher.OpenAsync(watchedAt, page.query + "&watch=1", "watcher");
        return page;
    }

    /// <summary>Opens or leaves the page, and waits until the watcher receives the new number.</summary>
    /// <returns>The time until then, including the connection.</returns>
    public async Task<TimeSpan> ChangeAsync()
    {
        wanted = IsViewed ? 0 : 1;
        var received = awaited = new TaskCompletionSource<long>();
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

        return Stopwatch.GetElapsedTime(began, await received.Task);
    }

    public void Dispose()
    {
        viewer?.Dispose();
        watcher.Dispose();
    }

    private void Receive(int viewers)
    {
        if (viewers == wanted)
        {
            awaited?.TrySetResult(Stopwatch.GetTimestamp());
        }
    }
}
