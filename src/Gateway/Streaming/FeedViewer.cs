using Counter.Counting.Presence;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Streaming;

/// <summary>A stream in a feed, and which number it was last shown.</summary>
/// <param name="feed">The feed.</param>
/// <param name="stream">The stream.</param>
/// <param name="draw">Makes the frame that shows a number.</param>
/// <param name="large">Has it made aside, where that takes long.</param>
internal class FeedViewer(Feed feed, LiveStream stream, Func<Reading, Frame> draw, LargePicture? large = null) : IViewerStream
{
    private Frame? last;
    private volatile bool isDue;

    /// <summary>The feed.</summary>
    public Feed Feed => feed;

    /// <summary>The stream.</summary>
    public LiveStream Stream => stream;

    /// <summary>The stream as the presence of its site knows it; null where nobody is counted by it.</summary>
    public StreamEntry? Entry { get; set; }

    /// <summary>What it was shown last; null when the next push shows the number in any case.</summary>
    public Reading? Shown { get; protected set; }

    /// <summary>Shows a number. Only the feed's push does, so that the newest comes last.</summary>
    public virtual void Show(Reading reading)
    {
        isDue |= Shown is null;
        Shown = reading;
        if (large is not null)
        {
            large.Show(this, reading);
        }
        else if (TryDraw(reading) is { } frame)
        {
            Offer(frame);
        }
    }

    /// <summary>Offers a frame to the stream. Of one viewer never two at once.</summary>
    public void Offer(Frame frame)
    {
        // Different numbers can look the same (1.2k), and the cache has one frame for them.
        if (isDue || !ReferenceEquals(frame, last))
        {
            isDue = false;
            last = frame;
            stream.Offer(frame);
        }
    }

    /// <summary>The next push shows the number again, changed or not.</summary>
    public void Forget() => Shown = null;

    /// <summary>What surrounds the number may have changed; a number alone has nothing around it.</summary>
    public virtual void Outdate()
    {
    }

    /// <summary>Looks after the stream.</summary>
    /// <returns>True when the feed has to push.</returns>
    public virtual bool Tend(StreamingOptions options)
    {
        if (!stream.Tend(options))
        {
            return false;
        }

        Forget();
        return true;
    }

    /// <summary>For how long <see cref="Tend"/> has nothing to do.</summary>
    public virtual TimeSpan RestsFor(StreamingOptions options) => stream.RestsFor(options);

    /// <summary>Ends the stream properly, with its number marked as no longer live.</summary>
    public void End() => End(new Reading(feed.Number, Live: false));

    /// <summary>Ends the stream properly with a number.</summary>
    public void End(Reading last)
    {
        if (TryDraw(last) is { } frame)
        {
            stream.End(frame);
        }
    }

    /// <summary>Makes a frame; null when that failed, which ends the stream.</summary>
    public Frame? TryDraw(Reading reading)
    {
        try
        {
            return draw(reading);
        }
        catch (Exception)
        {
            // Whoever draws has logged it. It must not cost anybody else a frame, so this stream ends and the push goes on.
            stream.Close();
            return null;
        }
    }
}
