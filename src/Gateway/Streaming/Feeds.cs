using System.Collections.Concurrent;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Gateway.Cluster;
using Counter.Gateway.Frames;
using Counter.Gateway.Operations;
using Counter.Gateway.Settings;
using Counter.Gateway.Sites;
using Counter.Grains;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Streaming;

/// <summary>The feeds of the numbers that streams of this gateway show.</summary>
internal sealed partial class Feeds : IStreamSource
{
    private readonly ConcurrentDictionary<CountKey, Feed> feeds = [];
    private readonly PresenceClient presence;
    private readonly BrowserConnections connections;
    private readonly LargeDrawings largeDrawings = new();
    private readonly FeedScheduler rounds;
    private readonly Lock gate = new();
    private readonly StreamingOptions options;
    private readonly TimeProvider clock;
    private readonly CounterMetrics metrics;
    private readonly ILogger<Feeds> log;

    public Feeds(
        IOptions<StreamingOptions> options, PresenceClient presence, BrowserConnections connections, SiteSettingsCache sites, TimeProvider clock, CounterMetrics metrics,
        ILogger<Feeds> log)
    {
        (this.presence, this.connections, this.options, this.clock, this.metrics, this.log) = (presence, connections, options.Value, clock, metrics, log);
        rounds = new FeedScheduler(clock);
        metrics.ObserveFeeds(() => feeds.Count);

        // Streams of a site that is no longer counted get a last frame.
        sites.Changed += changed => EndSites(site => changed.Contains(site) && !sites.IsCounted(site));
        presence.Changed += total => Find(total.Key)?.Apply(total);
        presence.Acknowledged += Show;
        presence.Estimated += keys => Change(keys.Select(Find));
        presence.Overdue += key => Find(key)?.MarkOverdue();
    }

    /// <summary>A snapshot of the feeds.</summary>
    public ICollection<Feed> All => feeds.Values;

    /// <inheritdoc/>
    public IEnumerable<IViewerStream> Viewers => All.SelectMany(feed => feed.All()).DistinctBy(viewer => viewer.Stream);

    /// <summary>The feed of a number. Null when no stream of this gateway shows it.</summary>
    public Feed? Find(CountKey key) => feeds.GetValueOrDefault(key);

    /// <summary>Shows a number on a stream until the stream ends. Counts the stream's visitor meanwhile, if it has one.</summary>
    /// <param name="shows">The number.</param>
    /// <param name="origin">The visitor and the page. Null for a stream that counts nobody.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="draw">Makes the frame of a number for this stream.</param>
    /// <param name="pace">The shortest time between two frames of different numbers. By default the feed's own pace.</param>
    /// <param name="place">Disposed when the stream has ended.</param>
    /// <param name="findLarge">For slow drawings: finds a frame that exists already. Other frames are drawn in the background.</param>
    public Task RunAsync(
        CountKey shows, StreamOrigin? origin, LiveStream stream, Func<DisplayedCount, Frame> draw, TimeSpan pace = default, IDisposable? place = null,
        Func<DisplayedCount, Frame?>? findLarge = null)
    {
        using var span = Traces.Source.StartActivity("counter.open");
        var large = findLarge is null ? null : new LargePicture(findLarge, largeDrawings);
        var viewer = Join(shows, feed => feed.Join(stream, draw, pace, large));
        metrics.StreamOpened();

        StreamEntry? entry = null;
        try
        {
            entry = viewer.Entry = Enter(origin, viewer, shows.Site);
            Begin(viewer);
        }
        catch
        {
            stream.Close();
            Leave([viewer], entry);
            throw;
        }

        // Not awaited: an async method here would keep more state for as long as the stream is open.
#pragma warning disable MA0100
        return UntilOverAsync(viewer, entry, place);
#pragma warning restore MA0100
    }

    /// <summary>Counts the visitor of an open stream. Frees connections of its browser that streams without a visitor hold.</summary>
    /// <param name="origin">The visitor and the page. Null for a stream that counts nobody.</param>
    /// <param name="viewer">The stream.</param>
    /// <param name="site">The site of the number that the stream shows, if it shows one.</param>
    /// <returns>The entry for <see cref="PresenceClient.Close"/> when the stream has ended. Null for a stream that counts nobody.</returns>
    public StreamEntry? Enter(StreamOrigin? origin, IViewerStream viewer, string? site = null)
    {
        var entry = origin is null ? null : presence.Open(origin, viewer);
        MakeRoom(viewer.Stream, entry);
        if ((origin?.Page.Site ?? site) is { } reported)
        {
            presence.Send(reported);
        }

        return entry;
    }

    /// <summary>Removes the visitor that <see cref="Enter"/> counted, because the stream has ended.</summary>
    public void Exit(StreamEntry? entry)
    {
        if (entry is not null)
        {
            presence.Close(entry);
        }
    }

    /// <summary>Frees connections of the stream's browser that streams without a visitor hold. For streams that are in no feed.</summary>
    public void MakeRoom(LiveStream stream, StreamEntry? entry = null)
    {
        if (stream.Connection is { } connection)
        {
            connection.Entry = entry;
            connection.IsEntered = true;
            connections.MakeRoom(connection, presence);
        }
    }

    private async Task UntilOverAsync(FeedSubscriber viewer, StreamEntry? entry, IDisposable? place)
    {
        using var _ = place;
        using (viewer.Stream.Aborted.UnsafeRegister(static stream => ((LiveStream)stream!).Close(), viewer.Stream))
        {
            await viewer.Stream.Completion;
        }

        Leave([viewer], entry);
    }

    private void Leave(ReadOnlySpan<FeedSubscriber> viewers, StreamEntry? entry)
    {
        metrics.StreamClosed();
        try
        {
            foreach (var viewer in viewers)
            {
                Leave(viewer.Feed, viewer);
            }
        }
        finally
        {
            Exit(entry);
        }
    }

    private FeedSubscriber Join(CountKey key, Func<Feed, FeedSubscriber> join)
    {
        FeedSubscriber viewer;
        bool isHeld;
        lock (gate)
        {
            isHeld = feeds.TryGetValue(key, out var feed);
            feed ??= feeds[key] = new Feed(key, presence.Show(key), clock, options);
            viewer = join(feed);
            rounds.Schedule(feed, viewer.RestsFor(options));
        }

        if (!isHeld)
        {
            LogOpened(key.Site, key.Path);
        }

        return viewer;
    }

    /// <summary>Shows a stream its first number, if its feed has one for it.</summary>
    private void Begin(FeedSubscriber viewer)
    {
        if (IsFrozen)
        {
            viewer.Feed.Freeze();
        }

        // Otherwise the answer that includes the stream triggers the push. A push without a frame for it would only delay that.
        if (viewer.Shown is null && viewer.Feed.CanShow(viewer))
        {
            viewer.Feed.Changed();
        }
    }

    private void Leave(Feed feed, FeedSubscriber viewer)
    {
        lock (gate)
        {
            feed.Remove(viewer);
            if (feed.Streams > 0 || IsFrozen)
            {
                return;
            }

            feeds.TryRemove(feed.Key, out _);
            presence.Hide(feed.Key);
        }

        feed.Dispose();
        LogClosed(feed.Key.Site, feed.Key.Path);
    }

    /// <summary>Shows the number to streams that waited until it includes them.</summary>
    private static void Show(IReadOnlyList<StreamEntry> entries) =>
        Change(entries.Select(entry => (entry.Response as FeedSubscriber) is { Shown: null } viewer ? viewer.Feed : null).Distinct());

    private static void Change(IEnumerable<Feed?> some)
    {
        foreach (var feed in some)
        {
            feed?.Changed();
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Page opened: {Site}{Path}")]
    private partial void LogOpened(string site, string path);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Page closed: {Site}{Path}")]
    private partial void LogClosed(string site, string path);
}
