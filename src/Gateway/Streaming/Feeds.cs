using System.Collections.Concurrent;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Gateway.Frames;
using Counter.Gateway.Operations;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Streaming;

/// <summary>The numbers that somebody here looks at, each with its feed.</summary>
internal sealed partial class Feeds
{
    private readonly ConcurrentDictionary<CountKey, Feed> feeds = [];
    private readonly Lock gate = new();
    private readonly StreamingOptions options;
    private readonly TimeProvider clock;
    private readonly CounterMetrics metrics;
    private readonly ILogger<Feeds> log;

    public Feeds(IOptions<StreamingOptions> options, TimeProvider clock, CounterMetrics metrics, ILogger<Feeds> log)
    {
        this.options = options.Value;
        this.clock = clock;
        this.metrics = metrics;
        this.log = log;
        Audience = new Audience(Moved);
        metrics.Observe(Audience, () => feeds.Count);
    }

    /// <summary>There is something to report to the cluster.</summary>
    public event Action? Reportable;

    /// <summary>Somebody begins to look at a number: the cluster may know more about it.</summary>
    public event Action<CountKey>? Opened;

    /// <summary>Who is looking. Its changes reach the feeds first, then the cluster.</summary>
    public Audience Audience { get; }

    /// <summary>All feeds, as they are now.</summary>
    public ICollection<Feed> All => feeds.Values;

    /// <summary>The feed of a number, when somebody here looks at it.</summary>
    public Feed? Find(CountKey key) => feeds.GetValueOrDefault(key);

    /// <summary>Shows a number on a stream until the stream ends, and counts it as a viewer meanwhile if it is one.</summary>
    /// <param name="request">Which page, and which number.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="draw">Makes the frame that shows a number on this stream.</param>
    public async Task RunAsync(OnlineRequest request, LiveStream stream, Func<Reading, Frame> draw)
    {
        using var gone = stream.Aborted.UnsafeRegister(static stream => ((LiveStream)stream!).Close(), stream);
        var feed = Join(request.Shows, stream, draw, out var opened);
        metrics.StreamOpened();
        try
        {
            if (request.Counts)
            {
                // Everybody's number changes, and the push of that is the first frame here.
                metrics.Joined();
                Audience.Enter(request.Page);
            }
            else
            {
                feed.Changed();
            }

            if (opened)
            {
                LogOpened(request.Shows.Site, request.Shows.Path);
                Opened?.Invoke(request.Shows);
            }

            await stream.Completion;
        }
        finally
        {
            Leave(feed, stream);
            metrics.StreamClosed();
            if (request.Counts)
            {
                Audience.Leave(request.Page);
            }
        }
    }

    private Feed Join(CountKey key, LiveStream stream, Func<Reading, Frame> draw, out bool opened)
    {
        lock (gate)
        {
            opened = !feeds.TryGetValue(key, out var feed);
            if (feed is null)
            {
                feeds[key] = feed = new Feed(key, Audience, clock, options.Pace);
            }

            feed.Join(stream, draw);
            return feed;
        }
    }

    private void Leave(Feed feed, LiveStream stream)
    {
        lock (gate)
        {
            feed.Leave(stream);
            if (feed.Streams > 0)
            {
                return;
            }

            feeds.TryRemove(feed.Key, out _);
        }

        feed.Dispose();
        LogClosed(feed.Key.Site, feed.Key.Path);
    }

    private void Moved(PageKey page)
    {
        Find(CountKey.ForPage(page))?.Changed();
        Find(CountKey.ForSite(page.Site))?.Changed();
        Reportable?.Invoke();
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Page opened: {Site}{Path}")]
    private partial void LogOpened(string site, string path);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Page closed: {Site}{Path}")]
    private partial void LogClosed(string site, string path);
}
