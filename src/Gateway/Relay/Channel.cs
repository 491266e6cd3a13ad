using Counter.Counting.Relay;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Relay;

/// <summary>A channel: its last picture, who publishes, and who watches.</summary>
/// <remarks>
/// Pictures that come faster than allowed wait in one slot, where the newest replaces what waits, so the last of a burst is always
/// shown. A few of a stream may come together: networks bunch them, and none of a slow camera's shall be lost.
/// </remarks>
internal sealed class Channel : IDisposable
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
        Screen = new Screen(empty);
        this.clock = clock;
        began = clock.GetTimestamp();
        pacing = clock.CreateTimer(_ => ShowWaiting(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>What it shows, and to whom.</summary>
    public Screen Screen { get; }

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
                return new ChannelStatus(Name, publisher is not null || isLiveElsewhere, since, frames, skipped, bytes, Screen.Streams, lastFrameAt, width, height);
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

    /// <summary>Takes what is new elsewhere, unless a stream is published here.</summary>
    public void Apply(ChannelNews news)
    {
        Screen.Change change;
        lock (gate)
        {
            if (publisher is not null || news.Version <= version)
            {
                return;
            }

            version = news.Version;
            if (isLiveElsewhere != news.IsLive)
            {
                isLiveElsewhere = news.IsLive;
                since = news.IsLive ? clock.GetUtcNow() : null;
                quietSince = clock.GetUtcNow();
            }

            if (news.Picture is not { } picture)
            {
                return;
            }

            change = Show(picture);
        }

        change.Tell();
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

    /// <summary>How long a picture that came now would have to wait; zero or less when it can be shown.</summary>
    /// <param name="early">How much before its time a picture may come.</param>
    public TimeSpan Wait(TimeSpan early = default)
    {
        lock (gate)
        {
            return dueAt - clock.GetElapsedTime(began) - early;
        }
    }

    /// <summary>Takes a picture of a publisher's; one that comes too fast waits for its turn.</summary>
    /// <param name="from">Who publishes a stream; null for a single picture.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="pace">The least time between two pictures.</param>
    /// <param name="at">The version of the channel with a single picture; 0 when it has none.</param>
    /// <returns>False when somebody else publishes.</returns>
    public bool TryPublish(Publisher? from, ChannelPicture picture, TimeSpan pace, long at = 0)
    {
        lock (gate)
        {
            if (publisher != from)
            {
                return false;
            }

            if (at > 0 && version >= at)
            {
                // It was heard of already.
                return true;
            }

            version = Math.Max(version, at);

            skipped += waiting is null ? 0 : 1;
            waiting = (picture, pace);
            if (Wait(early: from is null ? TimeSpan.Zero : Bunch * pace) is var wait && wait > TimeSpan.Zero)
            {
                pacing.Change(wait, Timeout.InfiniteTimeSpan);
                return true;
            }
        }

        ShowWaiting();
        return true;
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
        Screen.Change change;
        lock (gate)
        {
            if (NoticeDue(after) is null)
            {
                return;
            }

            noticed = true;
            change = Screen.Put(notice);
        }

        change.Tell();
    }

    public void Dispose() => pacing.Dispose();

    private void ShowWaiting()
    {
        Screen.Change change;
        lock (gate)
        {
            if (waiting is not { } next)
            {
                return;
            }

            waiting = null;
            dueAt = next.Pace + (clock.GetElapsedTime(began) is var now && now > dueAt ? now : dueAt);
            change = Show(next.Picture);
            publisher?.Shown?.Invoke(next.Picture);
        }

        change.Tell();
    }

    /// <summary>Puts a picture on the screen. The caller holds the lock.</summary>
    private Screen.Change Show(ChannelPicture picture)
    {
        last = picture;
        size = new FrameSize(picture.Width, picture.Height);
        lastFrameAt = quietSince = clock.GetUtcNow();
        frames++;
        bytes += picture.Image.Length;
        if (Screen.Current.Image.Span.SequenceEqual(picture.Image))
        {
            // Who only looks has it already.
            return Screen.Repeat();
        }

        noticed = false;
        return Screen.Put(new Frame(picture.ContentType, picture.Image));
    }
}
