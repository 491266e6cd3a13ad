using Counter.Counting.Relay;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Relay;

/// <summary>A channel on this gateway: its last picture, its publisher and its watchers.</summary>
/// <remarks>
/// Pictures that come faster than allowed wait in one slot. The newest replaces the one that waits, so the last of a burst is always
/// shown. A few pictures of a stream may come together: networks bunch them, and a slow camera must not lose any.
/// </remarks>
internal sealed partial class Channel : IDisposable
{
    private const int Bunch = 3;

    private readonly TimeProvider clock;
    private readonly ITimer pacing;
    private readonly long began;
    private readonly Lock gate = new();

    // Guarded by `gate`, as is everything below.
    private FrameSize? size;
    private (ChannelPicture Picture, TimeSpan Pace)? waiting;
    private ChannelPicture? last;
    private Publisher? publisher;
    private bool isLiveElsewhere;
    private long version;
    private DateTimeOffset? since;
    private DateTimeOffset? lastFrameAt;
    private DateTimeOffset quietSince;
    private bool noticed;

    // When the next picture is in time, at the allowed pace after all that were shown. Measured from `began`, since a clock may be set back.
    private TimeSpan dueAt;
    private long frames;
    private long skipped;
    private long bytes;

    /// <param name="name">The name of the channel.</param>
    /// <param name="empty">The notice before the first picture.</param>
    /// <param name="clock">The clock.</param>
    public Channel(string name, Frame empty, TimeProvider clock)
    {
        Name = name;
        Broadcast = new ChannelBroadcast(empty, clock);
        this.clock = clock;
        began = clock.GetTimestamp();
        pacing = clock.CreateTimer(_ => ShowWaiting(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The name of the channel.</summary>
    public string Name { get; }

    /// <summary>Sends the current picture to the watchers.</summary>
    public ChannelBroadcast Broadcast { get; }

    /// <summary>The newest version of the channel that this gateway has, as the cluster counts versions.</summary>
    public long Version
    {
        get
        {
            lock (gate)
            {
                return version;
            }
        }
    }

    /// <summary>Whether a stream is published through this gateway, which then needs no updates from the cluster.</summary>
    public bool IsPublished
    {
        get
        {
            lock (gate)
            {
                return publisher is not null;
            }
        }
    }

    /// <summary>Whether a stream is published through another gateway, by the newest update.</summary>
    public bool IsLiveElsewhere
    {
        get
        {
            lock (gate)
            {
                return isLiveElsewhere;
            }
        }
    }

    /// <summary>The last picture that was published; null when there is none.</summary>
    public ChannelPicture? Last
    {
        get
        {
            lock (gate)
            {
                return last;
            }
        }
    }

    /// <summary>The current status.</summary>
    public ChannelStatus Status
    {
        get
        {
            lock (gate)
            {
                var (width, height) = size ?? default;
                return new ChannelStatus(Name, publisher is not null || isLiveElsewhere, since, frames, skipped, bytes, Broadcast.Streams, lastFrameAt, width, height);
            }
        }
    }

    /// <summary>Begins a published stream. It replaces the current one, so that a camera can connect again.</summary>
    public void Begin(Publisher next)
    {
        Publisher? replaced;
        lock (gate)
        {
            replaced = publisher;
            (publisher, isLiveElsewhere) = (next, false);
            since = clock.GetUtcNow();
        }

        replaced?.End(PublishEnd.Replaced);
    }

    /// <summary>Finishes a published stream. Has no effect when another stream has replaced it.</summary>
    /// <returns>Whether it had an effect.</returns>
    public bool Finish(Publisher last)
    {
        lock (gate)
        {
            if (publisher != last)
            {
                return false;
            }

            publisher = null;
            since = null;
            quietSince = clock.GetUtcNow();
            return true;
        }
    }

    /// <summary>Records the version that the cluster gave to the last picture published here.</summary>
    public void Confirm(long next)
    {
        lock (gate)
        {
            version = Math.Max(version, next);
        }
    }

    /// <summary>Ends the published stream, if there is one.</summary>
    public void EndPublisher(PublishEnd reason)
    {
        Publisher? ended;
        lock (gate)
        {
            ended = publisher;
        }

        ended?.End(reason);
    }

    /// <summary>The size of the notice that is due: the size of the last picture; null when no notice is due.</summary>
    public FrameSize? NoticeDue(TimeSpan after)
    {
        lock (gate)
        {
            return publisher is null && !isLiveElsewhere && !noticed && clock.GetUtcNow() - quietSince >= after ? size : null;
        }
    }

    /// <summary>Shows a notice, unless a picture has come meanwhile.</summary>
    public void Notify(Frame notice, TimeSpan after)
    {
        lock (gate)
        {
            if (NoticeDue(after) is null)
            {
                return;
            }

            noticed = true;
            Broadcast.Put(notice);
        }

        Broadcast.Changed();
    }

    public void Dispose()
    {
        pacing.Dispose();
        Broadcast.Dispose();
    }
}
