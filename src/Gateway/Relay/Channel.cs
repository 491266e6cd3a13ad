using Counter.Counting.Relay;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Relay;

/// <summary>A channel: its last picture, who publishes, and who watches.</summary>
/// <remarks>
/// Pictures that come faster than allowed wait in one slot, where the newest replaces what waits, so the last of a burst is always
/// shown. A few of a stream may come together: networks bunch them, and none of a slow camera's shall be lost.
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

    // When a picture is in time that follows all that were shown at the allowed pace, from `began` on: a clock may be set back.
    private TimeSpan dueAt;
    private long frames;
    private long skipped;
    private long bytes;

    /// <param name="name">Its name.</param>
    /// <param name="empty">What is shown before the first picture.</param>
    /// <param name="clock">Tells the time.</param>
    public Channel(string name, Frame empty, TimeProvider clock)
    {
        Name = name;
        Broadcast = new ChannelBroadcast(empty, clock);
        this.clock = clock;
        began = clock.GetTimestamp();
        pacing = clock.CreateTimer(_ => ShowWaiting(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>What it shows, and to whom.</summary>
    public ChannelBroadcast Broadcast { get; }

    /// <summary>The newest version of the channel that is known here, as the cluster counts them.</summary>
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

    /// <summary>Whether a stream is published here: then there is nothing to learn from elsewhere.</summary>
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

    /// <summary>Whether a stream is published through another gateway, as far as is known here.</summary>
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

    /// <summary>How it is now.</summary>
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

    /// <summary>Begins a published stream, in place of the one under way: a camera that connects again must get in.</summary>
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

    /// <summary>A published stream has ended; without effect when another took its place.</summary>
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

    /// <summary>What was published here last has a version by now.</summary>
    public void Confirm(long next)
    {
        lock (gate)
        {
            version = Math.Max(version, next);
        }
    }

    /// <summary>Ends the stream that is published, if there is one.</summary>
    public void EndPublisher(PublishEnd reason)
    {
        Publisher? ended;
        lock (gate)
        {
            ended = publisher;
        }

        ended?.End(reason);
    }

    /// <summary>The size a notice should have now: that of the last picture; null when it is not time for one.</summary>
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
