using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Counter.Counting.Relay;
using Counter.Gateway.Frames;
using Counter.Gateway.Settings;
using Counter.Gateway.Streaming;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Relay;

/// <summary>The channels of this gateway, at most <c>Relay:Channels</c>. They and their pictures are in memory only.</summary>
internal sealed partial class RelayChannels : IStreamSource, IDisposable
{
    private const string NothingYet = "Nothing has been published here yet.";
    private static readonly FrameSize UsualSize = new(640, 480);

    private readonly ConcurrentDictionary<string, Channel> channels = [];
    private readonly Lock gate = new();
    private readonly RelayOptions options;
    private readonly ChannelLookup lookup;
    private readonly NoticeRenderer notices;
    private readonly TimeProvider clock;
    private readonly ILogger<RelayChannels> log;
    private readonly CancellationToken stopping;
    private readonly CancellationTokenRegistration whenStopping;
    private Task drawing = Task.CompletedTask;

    public RelayChannels(
        IOptions<RelayOptions> options, ChannelLookup lookup, NoticeRenderer notices, TimeProvider clock,
        IHostApplicationLifetime lifetime, ILogger<RelayChannels> log)
    {
        this.log = log;
        this.options = options.Value;
        this.lookup = lookup;
        this.notices = notices;
        this.clock = clock;
        stopping = lifetime.ApplicationStopping;
        whenStopping = stopping.Register(Close);
    }

    /// <summary>All channels, in no order.</summary>
    public ICollection<Channel> All => channels.Values;

    /// <inheritdoc/>
    public IEnumerable<IViewerStream> Viewers => channels.Values.SelectMany(channel => channel.Broadcast.All());

    /// <summary>Whether publishers are refused because the gateway stops.</summary>
    public bool IsClosed => stopping.IsCancellationRequested;

    /// <summary>Is cancelled when the gateway begins to stop.</summary>
    public CancellationToken Stopping => stopping;

    /// <summary>The status of a channel; null when it has had neither publishers nor watchers at this gateway.</summary>
    public ChannelStatus? Status(string name) => channels.GetValueOrDefault(name)?.Status;

    /// <summary>The most bytes of one picture of a channel.</summary>
    public int MostBytes(string name) => Math.Min(lookup(name)?.MaxFrameBytes ?? int.MaxValue, options.MaxFrameBytes);

    /// <summary>Whether scripts of any site may read the pictures of a channel.</summary>
    public bool AllowsAnyOrigin(string name) => lookup(name)?.AnyOrigin == true;

    /// <summary>The least time between two pictures of a channel.</summary>
    public TimeSpan Pace(string name) =>
        TimeSpan.FromSeconds(1.0 / Math.Min(lookup(name)?.MaxFramesPerSecond ?? int.MaxValue, options.MaxFramesPerSecond));

    /// <summary>Finds a channel that exists at this gateway or has settings.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out Channel? channel)
    {
        channel = null;
        return ChannelName.IsValid(name)
            && (channels.TryGetValue(name, out channel) || lookup(name) is not null && TryFindOrAdd(name, out channel));
    }

    /// <summary>Whether a channel has not been removed.</summary>
    public bool Has(Channel channel) => channels.GetValueOrDefault(channel.Name) == channel;

    /// <summary>Finds a channel, or adds it. False when there is no room for another.</summary>
    public bool TryFindOrAdd(string name, [NotNullWhen(true)] out Channel? channel)
    {
        if (channels.TryGetValue(name, out channel))
        {
            return true;
        }

        if (channels.Count >= options.Channels)
        {
            // Checked before the notice is drawn, so that a refusal does not cost the milliseconds of the drawing.
            return false;
        }

        var text = lookup(name) is { Notice: { Length: > 0 } decided } ? decided : NothingYet;
        var empty = notices.Render(ImageFormat.Jpeg, text, UsualSize);
        lock (gate)
        {
            if (!channels.TryGetValue(name, out channel) && channels.Count < options.Channels)
            {
                channels[name] = channel = new Channel(name, empty, clock);
            }
        }

        return channel is not null;
    }

    /// <summary>Removes a channel and its picture from this gateway, and ends its publisher and its watchers. False when there is none.</summary>
    public bool Remove(string name)
    {
        if (!channels.TryRemove(name, out var channel))
        {
            return false;
        }

        channel.EndPublisher(PublishEnd.Removed);
        foreach (var watcher in channel.Broadcast.All())
        {
            watcher.End();
        }

        channel.Dispose();
        return true;
    }

    /// <inheritdoc/>
    public ValueTask MaintainAsync(StreamingOptions streaming)
    {
        foreach (var channel in channels.Values)
        {
            channel.Broadcast.Maintain(streaming);
            if (lookup(channel.Name) is { Notice.Length: > 0 } settings
                && TimeSpan.FromSeconds(settings.NoticeAfterSeconds) is var after
                && channel.NoticeDue(after) is { } size)
            {
                DrawNotice(channel, settings.Notice, size, after);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Draws one notice at a time, outside the maintenance of streams: a large notice takes a tenth of a second.</summary>
    private void DrawNotice(Channel channel, string text, FrameSize size, TimeSpan after)
    {
        if (!drawing.IsCompleted)
        {
            // The next round tries this channel again.
            return;
        }

        var format = channel.Broadcast.Current.ContentType == ImageFormat.Jpeg.MediaType ? ImageFormat.Jpeg : ImageFormat.Png;
        drawing = Task.Run(() =>
        {
            try
            {
                channel.Notify(notices.Render(format, text, size), after);
            }
            catch (Exception e)
            {
                LogNoNotice(e);
            }
        });
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A notice could not be drawn.")]
    private partial void LogNoNotice(Exception exception);

    public void Dispose()
    {
        whenStopping.Dispose();
        foreach (var channel in channels.Values)
        {
            channel.Dispose();
        }
    }

    /// <summary>Ends all publishers. Watchers are ended with all other streams.</summary>
    private void Close()
    {
        foreach (var channel in channels.Values)
        {
            channel.EndPublisher(PublishEnd.Stopping);
        }
    }
}
