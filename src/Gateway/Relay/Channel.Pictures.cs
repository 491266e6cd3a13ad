using Counter.Counting.Relay;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Relay;

/// <content>The pictures of this gateway's publishers and of other gateways.</content>
internal sealed partial class Channel
{
    /// <summary>Applies an update from the cluster, unless a stream is published on this gateway.</summary>
    public void Apply(ChannelUpdate update)
    {
        lock (gate)
        {
            if (publisher is not null || update.Version <= version)
            {
                return;
            }

            version = update.Version;
            if (isLiveElsewhere != update.IsLive)
            {
                isLiveElsewhere = update.IsLive;
                since = update.IsLive ? clock.GetUtcNow() : null;
                quietSince = clock.GetUtcNow();
            }

            if (update.Picture is not { } picture)
            {
                return;
            }

            Show(picture);
        }

        Broadcast.Changed();
    }

    /// <summary>How long a picture that arrived now would have to wait; zero or less when it can be shown at once.</summary>
    /// <param name="early">How much before its time a picture may come.</param>
    public TimeSpan Wait(TimeSpan early = default)
    {
        lock (gate)
        {
            return dueAt - clock.GetElapsedTime(began) - early;
        }
    }

    /// <summary>Publishes a picture. A picture that comes too fast waits for its turn.</summary>
    /// <param name="from">The publisher of a stream; null for a single picture.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="pace">The least time between two pictures.</param>
    /// <param name="at">The version of the channel that a single picture made; 0 when it made none.</param>
    /// <returns>False when another publisher has the channel.</returns>
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
                // An update from the cluster has brought it already.
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

    private void ShowWaiting()
    {
        lock (gate)
        {
            if (waiting is not { } next)
            {
                return;
            }

            waiting = null;
            dueAt = next.Pace + (clock.GetElapsedTime(began) is var now && now > dueAt ? now : dueAt);
            Show(next.Picture);
            publisher?.Shown?.Invoke(next.Picture);
        }

        Broadcast.Changed();
    }

    /// <summary>Changes the current picture. The caller holds the lock, and pushes the picture after releasing it.</summary>
    private void Show(ChannelPicture picture)
    {
        last = picture;
        size = new FrameSize(picture.Width, picture.Height);
        lastFrameAt = quietSince = clock.GetUtcNow();
        frames++;
        bytes += picture.Image.Length;
        if (Broadcast.Current.Image.Span.SequenceEqual(picture.Image))
        {
            // Viewers have this picture already. Only those who take all pictures get it again.
            Broadcast.Repeat();
            return;
        }

        noticed = false;
        Broadcast.Put(new Frame(picture.ContentType, picture.Image));
    }
}
