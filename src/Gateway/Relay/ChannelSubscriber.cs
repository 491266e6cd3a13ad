using Counter.Gateway.Frames;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Relay;

/// <summary>Somebody who watches a channel.</summary>
/// <param name="channel">What the channel shows.</param>
/// <param name="stream">The stream that shows it.</param>
/// <param name="isPlayer">Whether what it gets may be recorded: then it begins with the first picture, and not with a notice of another size.</param>
/// <param name="takesAll">Whether it gets a picture again that is the same as the one before.</param>
internal sealed class ChannelSubscriber(ChannelBroadcast channel, LiveStream stream, bool isPlayer = false, bool takesAll = false)
    : Subscriber<NumberedFrame>(stream)
{
    private long shown;

    /// <inheritdoc/>
    public override void Show(NumberedFrame state)
    {
        if (isPlayer && state.Number == NumberedFrame.First)
        {
            return;
        }

        if (takesAll && state.Number > shown)
        {
            Forget();
        }

        shown = state.Number;
        base.Show(state);
    }

    /// <summary>Ends the stream properly, with the picture that it shows.</summary>
    public override void End()
    {
        if (isPlayer)
        {
            Stream.EndNow();
        }
        else
        {
            End(channel.State);
        }
    }

    /// <inheritdoc/>
    protected override Frame Draw(NumberedFrame state) => state.Frame;
}
