using Counter.Counting.Presence;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Streaming;

/// <summary>A stream in a feed, and the number that it shows.</summary>
/// <param name="feed">The feed.</param>
/// <param name="stream">The stream.</param>
/// <param name="draw">Makes the frame of a number.</param>
/// <param name="large">Draws the frames in the background, where drawing is slow.</param>
internal class FeedSubscriber(Feed feed, LiveStream stream, Func<DisplayedCount, Frame> draw, LargePicture? large = null) : Subscriber<DisplayedCount>(stream)
{
    public Feed Feed => feed;

    /// <summary>The stream's entry in the presence of its site. Null where the stream counts nobody.</summary>
    public StreamEntry? Entry { get; set; }

    /// <summary>The number that the stream shows. Null when the next push shows a number in any case.</summary>
    public DisplayedCount? Shown { get; protected set; }

    /// <inheritdoc/>
    public override void Show(DisplayedCount state)
    {
        Shown = state;
        if (large is not null)
        {
            large.Show(this, state);
        }
        else
        {
            base.Show(state);
        }
    }

    /// <inheritdoc/>
    public override void Forget()
    {
        base.Forget();
        Shown = null;
    }

    /// <summary>Marks the frame as outdated, because something around the number may have changed. A plain number has nothing around it.</summary>
    public virtual void Outdate()
    {
    }

    /// <summary>Ends the stream properly, with its number marked as no longer live.</summary>
    public override void End() => End(new DisplayedCount(feed.Number, Live: false));

    /// <inheritdoc/>
    protected override Frame Draw(DisplayedCount state) => draw(state);
}
