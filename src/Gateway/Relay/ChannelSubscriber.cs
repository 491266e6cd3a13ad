using Counter.Gateway.Frames;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Relay;

/// <summary>A watcher of a channel.</summary>
/// <param name="channel">The broadcast of the channel.</param>
/// <param name="stream">The open stream.</param>
/// <param name="isPlayer">Whether the client may record: then it begins with the first picture, not with a notice of another size.</param>
/// <param name="takesAll">Whether it also gets a picture that equals the one before.</param>
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

    /// <summary>Ends the stream properly, with the current picture.</summary>
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
