using System.Collections.Concurrent;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Gateway.Cluster;
using Counter.Gateway.Frames;
using Counter.Gateway.Operations;
using Counter.Grains.Hosting;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Streaming;

/// <summary>The numbers that somebody here looks at, each with its feed.</summary>
internal sealed partial class Feeds : IStreamSource
{
    // So long feeds are looked after before others have the thread, which may be the only one.
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(5);

    private readonly ConcurrentDictionary<CountKey, Feed> feeds = [];
    private readonly BrowserConnections connections;
    private readonly LargeDrawings largeDrawings = new();
    private readonly Rounds rounds;
    private readonly Lock gate = new();
    private readonly StreamingOptions options;
    private readonly TimeProvider clock;
    private readonly CounterMetrics metrics;
    private readonly ILogger<Feeds> log;

    public Feeds(
        IOptions<StreamingOptions> options, BrowserConnections connections, TimeProvider clock, ThisGateway here, CounterMetrics metrics,
        ILogger<Feeds> log)
    {
        this.connections = connections;
        this.options = options.Value;
        this.clock = clock;
        rounds = new Rounds(clock);
        this.metrics = metrics;
        this.log = log;
        Presence = new Presence(
            Audience, clock, Moved, VisitorsMoved, here.Id, new ProbeOptions(this.options.ProbeInterval, this.options.ProbesPerSecond), new ProbeWarnings(log).Judge);
        metrics.Observe(Audience, Presence, () => feeds.Count);
    }

    /// <summary>There is something to report to the cluster.</summary>
    public event Action? Reportable;

    /// <summary>Somebody begins to look at a number: the cluster may know more about it.</summary>
    public event Action<CountKey>? Opened;

    /// <summary>How many look at what.</summary>
    public Audience Audience { get; } = new();

    /// <summary>Which streams count. Its changes reach the feeds first, then the cluster.</summary>
    public Presence Presence { get; }

    /// <summary>All feeds, as they are now.</summary>
    public ICollection<Feed> All => feeds.Values;

    /// <inheritdoc/>
    public IEnumerable<IViewerStream> Viewers => All.SelectMany(feed => feed.All());

    /// <summary>The feed of a number, when somebody here looks at it.</summary>
    public Feed? Find(CountKey key) => feeds.GetValueOrDefault(key);

    /// <summary>Shows a number on a stream until the stream ends, and counts it as a viewer meanwhile if it is one.</summary>
    /// <param name="shows">The number.</param>
    /// <param name="arrival">Who looks at which page; null for who only watches.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="draw">Makes the frame that shows a number on this stream.</param>
    /// <param name="pace">The least time between two frames of different numbers; by default the feed's own.</param>
    /// <param name="place">Given back when the stream has ended.</param>
    /// <param name="findLarge">Where drawing takes long: finds a frame that need not be drawn. The others are then drawn aside.</param>
    public Task RunAsync(
        CountKey shows, Arrival? arrival, LiveStream stream, Func<Reading, Frame> draw, TimeSpan pace = default, IDisposable? place = null,
        Func<Reading, Frame?>? findLarge = null)
    {
        using var span = Traces.Source.StartActivity("counter.open");
        var (feed, viewer, opened) = Join(shows, stream, draw, pace, findLarge is null ? null : new LargePicture(findLarge, largeDrawings));
        metrics.StreamOpened();

        PresenceTicket? ticket = null;
        try
        {
            // Everybody's number changes, and the push of that is the first frame here.
            ticket = Enter(arrival, viewer);
            if (IsFrozen)
            {
                feed.Freeze();
            }

            if (viewer.Shown is null)
            {
                feed.Changed();
            }

            if (opened)
            {
                LogOpened(shows.Site, shows.Path);
                Opened?.Invoke(shows);
            }
        }
        catch
        {
            stream.Close();
            Leave(feed, viewer, ticket);
            throw;
        }

        // Only what the end needs is kept as long as the stream is open, so this is not awaited here.
#pragma warning disable MA0100
        return UntilOverAsync(feed, viewer, ticket, place);
#pragma warning restore MA0100
    }

    /// <summary>A stream is open: whoever looks is counted, and streams that count nobody give up the connections that its browser needs.</summary>
    /// <param name="arrival">Who looks at which page; null for who only watches.</param>
    /// <param name="viewer">The stream.</param>
    /// <returns>What to give to <see cref="Presence"/> when the stream has ended; null for who only watches.</returns>
    public PresenceTicket? Enter(Arrival? arrival, IViewerStream viewer)
    {
        var ticket = arrival is null ? null : Presence.Open(arrival, viewer);
        MakeRoom(viewer.Stream, ticket);
        return ticket;
    }

    /// <summary>A stream is open that is not looked after here: others that count nobody give up the connections that its browser needs.</summary>
    public void MakeRoom(LiveStream stream, PresenceTicket? ticket = null)
    {
        if (stream.Connection is { } connection)
        {
            connection.Ticket = ticket;
            connection.IsEntered = true;
            connections.MakeRoom(connection, Presence);
        }
    }

    private async Task UntilOverAsync(Feed feed, FeedViewer viewer, PresenceTicket? ticket, IDisposable? place)
    {
        using var _ = place;
        using (viewer.Stream.Aborted.UnsafeRegister(static stream => ((LiveStream)stream!).Close(), viewer.Stream))
        {
            await viewer.Stream.Completion;
        }

        Leave(feed, viewer, ticket);
    }

    private void Leave(Feed feed, FeedViewer viewer, PresenceTicket? ticket)
    {
        metrics.StreamClosed();
        try
        {
            Leave(feed, viewer);
        }
        finally
        {
            if (ticket is not null)
            {
                Presence.Close(ticket);
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>A round passes over feeds in which nothing can be due yet, and lets others have the thread between those in which something is.</remarks>
    public async ValueTask TendAsync(StreamingOptions options)
    {
        var since = clock.GetTimestamp();
        foreach (var feed in rounds.Due())
        {
            var rests = TimeSpan.Zero;
            try
            {
                rests = feed.Tend(options);
            }
            finally
            {
                if (feed.Streams > 0)
                {
                    rounds.Schedule(feed, rests);
                }
            }

            if (clock.GetElapsedTime(since) >= AtOnce)
            {
                await Task.Yield();
                since = clock.GetTimestamp();
            }
        }
    }

    private (Feed Feed, FeedViewer Viewer, bool Opened) Join(
        CountKey key, LiveStream stream, Func<Reading, Frame> draw, TimeSpan pace, LargePicture? large)
    {
        lock (gate)
        {
            var opened = !feeds.TryGetValue(key, out var feed);
            if (feed is null)
            {
                feeds[key] = feed = new Feed(key, () => Here(key), clock, options.Pace);
            }

            var viewer = feed.Join(stream, draw, pace, large);
            rounds.Schedule(feed, viewer.RestsFor(options));
            return (feed, viewer, opened);
        }
    }

    private void Leave(Feed feed, FeedViewer viewer)
    {
        lock (gate)
        {
            feed.Leave(viewer);
            if (feed.Streams > 0 || IsFrozen)
            {
                return;
            }

            feeds.TryRemove(feed.Key, out _);
        }

        feed.Dispose();
        LogClosed(feed.Key.Site, feed.Key.Path);
    }

    /// <summary>The part of a number that is here; once numbers are frozen no less than it was then.</summary>
    public int Here(CountKey key) => Math.Max(
        frozen?.GetValueOrDefault(key) ?? 0, key.Of == CountOf.Visitors ? Presence.CountVisitors(key.Site) : Audience.Viewers(key));

    private void Moved(PageKey page)
    {
        Find(CountKey.ForPage(page))?.Changed();
        Find(CountKey.ForSite(page.Site))?.Changed();
        Reportable?.Invoke();
    }

    private void VisitorsMoved(string site) => Find(CountKey.ForVisitors(site))?.Changed();

    [LoggerMessage(Level = LogLevel.Debug, Message = "Page opened: {Site}{Path}")]
    private partial void LogOpened(string site, string path);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Page closed: {Site}{Path}")]
    private partial void LogClosed(string site, string path);
}
