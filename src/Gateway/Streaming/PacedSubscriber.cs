using Counter.Gateway.Frames;
using Counter.Gateway.Settings;

namespace Counter.Gateway.Streaming;

/// <summary>
/// A stream in a feed that gets new numbers less often than others, because its frames are larger. The first number is shown at once, then one
/// in each span of time, and the last is never lost. Spans are the same for all streams, so streams of the same style share frames.
/// </summary>
internal sealed class PacedSubscriber(Feed feed, LiveStream stream, Func<DisplayedCount, Frame> draw, TimeSpan pace, TimeProvider clock, LargePicture? large = null)
    : FeedSubscriber(feed, stream, draw, large)
{
    /// <summary>A value that differs from every number. Unlike null, it does not re-send an unchanged frame.</summary>
    private static readonly DisplayedCount Outdated = new(-1);

    private long shownIn;
    private volatile bool waiting;

    private long Span => (long)(clock.GetTimestamp() / (clock.TimestampFrequency * pace.TotalSeconds));

    /// <inheritdoc/>
    public override void Show(DisplayedCount state)
    {
        var span = Span;
        if (Shown is not null && span == shownIn)
        {
            // The first maintenance round after this span shows it.
            waiting = true;
            return;
        }

        shownIn = span;
        waiting = false;
        base.Show(state);
    }

    /// <inheritdoc/>
    public override void Outdate()
    {
        if (Shown is not null)
        {
            Shown = Outdated;
        }
    }

    /// <inheritdoc/>
    public override bool Maintain(StreamingOptions options) => base.Maintain(options) || (waiting && Span != Volatile.Read(ref shownIn));

    /// <inheritdoc/>
    public override TimeSpan RestsFor(StreamingOptions options) => TimeSpan.Zero;
}
