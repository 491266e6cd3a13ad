using Counter.Gateway.Frames;
using Counter.Gateway.Settings;

namespace Counter.Gateway.Streaming;

/// <summary>One of the numbers of a stream that shows several.</summary>
/// <param name="feed">The feed of the number.</param>
/// <param name="list">The numbers of the stream.</param>
/// <param name="index">Its place among them.</param>
internal sealed class ListedNumber(Feed feed, NumberList list, int index) : FeedSubscriber(feed, list.Stream, _ => list.DrawLast())
{
    /// <inheritdoc/>
    public override void Show(DisplayedCount state)
    {
        Shown = state;
        list.Show(index, state);
    }

    /// <inheritdoc/>
    public override void Forget()
    {
        base.Forget();
        list.Renew();
    }

    /// <inheritdoc/>
    /// <remarks>The first number maintains the stream, for all of them.</remarks>
    public override bool Maintain(StreamingOptions options) => index == 0 && base.Maintain(options);

    /// <inheritdoc/>
    public override TimeSpan RestsFor(StreamingOptions options) => index == 0 ? base.RestsFor(options) : options.WriteTimeout;
}
