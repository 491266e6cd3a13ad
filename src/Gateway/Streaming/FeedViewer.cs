using Counter.Counting.Presence;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Streaming;

/// <summary>A stream in a feed, and which number it was last shown.</summary>
internal sealed class FeedViewer(Feed feed, LiveStream stream, Func<Reading, Frame> draw) : IOpenResponse
{
    /// <summary>The stream.</summary>
    public LiveStream Stream => stream;

    /// <summary>What it was shown last; null when the next push shows the number in any case.</summary>
    public Reading? Shown { get; private set; }

    /// <summary>Shows a number. Only the feed's push does, so that the newest comes last.</summary>
    public void Show(Reading reading)
    {
        Shown = reading;
        stream.Offer(draw(reading));
    }

    /// <summary>The next push shows the number again, changed or not.</summary>
    public void Forget() => Shown = null;

    /// <inheritdoc/>
    public void Nudge()
    {
        Forget();
        feed.Changed();
    }

    /// <inheritdoc/>
    public void End() => End(live: true);

    /// <summary>Ends the stream properly; its last frame says whether the number is still live.</summary>
    public void End(bool live) => stream.End(draw(new Reading(feed.Number, live)));
}
