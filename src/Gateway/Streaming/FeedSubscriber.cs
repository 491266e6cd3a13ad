using Counter.Counting.Presence;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Streaming;

/// <summary>A stream in a feed, and which number it was last shown.</summary>
/// <param name="feed">The feed.</param>
/// <param name="stream">The stream.</param>
/// <param name="draw">Makes the frame that shows a number.</param>
/// <param name="large">Has it made aside, where that takes long.</param>
internal class FeedSubscriber(Feed feed, LiveStream stream, Func<DisplayedCount, Frame> draw, LargePicture? large = null) : Subscriber<DisplayedCount>(stream)
{
    /// <summary>The feed.</summary>
    public Feed Feed => feed;

    /// <summary>The stream as the presence of its site knows it; null where nobody is counted by it.</summary>
    public StreamEntry? Entry { get; set; }

    /// <summary>What it was shown last; null when the next push shows the number in any case.</summary>
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

    /// <summary>What surrounds the number may have changed; a number alone has nothing around it.</summary>
    public virtual void Outdate()
    {
    }

    /// <summary>Ends the stream properly, with its number marked as no longer live.</summary>
    public override void End() => End(new DisplayedCount(feed.Number, Live: false));

    /// <inheritdoc/>
    protected override Frame Draw(DisplayedCount state) => draw(state);
}
