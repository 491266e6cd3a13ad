using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Counter.Counting.Relay;
using Counter.Gateway.Frames;
using Counter.Gateway.Settings;
using Counter.Gateway.Streaming;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Relay;

/// <summary>The channels of this process, as many as <c>Relay:Channels</c> allows. They and their pictures are in memory only.</summary>
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

    /// <summary>All channels, as they are now, in no order.</summary>
    public ICollection<Channel> All => channels.Values;

    /// <inheritdoc/>
    public IEnumerable<IViewerStream> Viewers => channels.Values.SelectMany(channel => channel.Broadcast.All());

    /// <summary>Whether publishers are refused, because the gateway stops.</summary>
    public bool IsClosed => stopping.IsCancellationRequested;

    /// <summary>Is cancelled when the gateway begins to stop.</summary>
    public CancellationToken Stopping => stopping;

    /// <summary>How a channel is now; null when this gateway has nothing of it: it was neither published to nor looked at here.</summary>
    public ChannelStatus? Status(string name) => channels.GetValueOrDefault(name)?.Status;

    /// <summary>The bytes that one picture of a channel may have.</summary>
    public int MostBytes(string name) => Math.Min(lookup(name)?.MaxFrameBytes ?? int.MaxValue, options.MaxFrameBytes);

    /// <summary>Whether scripts of any site may read the pictures of a channel.</summary>
    public bool AllowsAnyOrigin(string name) => lookup(name)?.AnyOrigin == true;

    /// <summary>The least time between two pictures of a channel.</summary>
    public TimeSpan Pace(string name) =>
        TimeSpan.FromSeconds(1.0 / Math.Min(lookup(name)?.MaxFramesPerSecond ?? int.MaxValue, options.MaxFramesPerSecond));

    /// <summary>A channel that was published to, or about which something was decided.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out Channel? channel)
    {
        channel = null;
        return ChannelName.IsValid(name)
            && (channels.TryGetValue(name, out channel) || lookup(name) is not null && TryFindOrAdd(name, out channel));
    }

    /// <summary>Whether a channel is still one of these.</summary>
    public bool Has(Channel channel) => channels.GetValueOrDefault(channel.Name) == channel;

    /// <summary>A channel, whether it was there or not. False when there is no room for another.</summary>
    public bool TryFindOrAdd(string name, [NotNullWhen(true)] out Channel? channel)
    {
        if (channels.TryGetValue(name, out channel))
        {
            return true;
        }

        if (channels.Count >= options.Channels)
        {
            // Before the notice is drawn, which takes milliseconds: whoever is refused must not cost that.
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

    /// <summary>Forgets a channel and its picture here: its publisher and its watchers are ended. False when there is none.</summary>
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

    /// <summary>Draws one notice at a time, beside the upkeep of streams: one in the size of a large picture takes a tenth of a second.</summary>
    private void DrawNotice(Channel channel, string text, FrameSize size, TimeSpan after)
    {
        if (!drawing.IsCompleted)
        {
            // The channel is met again in the next round.
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

    /// <summary>Ends what is being published. Watchers are ended with all other streams.</summary>
    private void Close()
    {
        foreach (var channel in channels.Values)
        {
            channel.EndPublisher(PublishEnd.Stopping);
        }
    }
}
