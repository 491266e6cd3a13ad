using Counter.Gateway.Frames;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Relay;

/// <summary>What a channel shows, and to whom. Every picture is pushed by whoever puts it.</summary>
/// <param name="empty">What is shown at first.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class ChannelBroadcast(Frame empty, TimeProvider clock) : Broadcast<NumberedFrame, ChannelSubscriber>(clock, TimeSpan.Zero)
{
    private NumberedFrame current = new(empty, NumberedFrame.First);

    /// <inheritdoc/>
    public override NumberedFrame State
    {
        get
        {
            lock (Gate)
            {
                return current;
            }
        }
    }

    /// <summary>What is shown: the last picture, or a notice.</summary>
    public Frame Current => State.Frame;

    /// <summary>Changes what is shown. <see cref="Broadcast{TState, TSubscriber}.Changed"/> pushes it, which need not be under the caller's lock.</summary>
    public void Put(Frame frame)
    {
        lock (Gate)
        {
            current = new NumberedFrame(frame, current.Number + 1);
        }
    }

    /// <summary>What is shown comes once more, for those who take all.</summary>
    public void Repeat() => Put(Current);
}

/// <summary>A picture and its number in the channel.</summary>
/// <param name="Frame">The picture.</param>
/// <param name="Number">From <see cref="First"/>, which is what is shown before anything was published.</param>
internal readonly record struct NumberedFrame(Frame Frame, long Number)
{
    /// <summary>The number of what is shown before anything was published.</summary>
    public const long First = 1;
}
