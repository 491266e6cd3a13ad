using Counter.Gateway.Frames;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Relay;

/// <summary>Sends the pictures of a channel to its watchers. The caller that puts a picture also pushes it.</summary>
/// <param name="empty">The notice before the first picture.</param>
/// <param name="clock">The clock.</param>
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

    /// <summary>The current frame: the last picture, or a notice.</summary>
    public Frame Current => State.Frame;

    /// <summary>Changes the current frame. <see cref="Broadcast{TState, TSubscriber}.Changed"/> pushes it, outside the caller's lock.</summary>
    public void Put(Frame frame)
    {
        lock (Gate)
        {
            current = new NumberedFrame(frame, current.Number + 1);
        }
    }

    /// <summary>Puts the current frame again, for watchers who take all pictures.</summary>
    public void Repeat() => Put(Current);
}

/// <summary>A picture and its number in the channel.</summary>
/// <param name="Frame">The picture.</param>
/// <param name="Number">Counts from <see cref="First"/>.</param>
internal readonly record struct NumberedFrame(Frame Frame, long Number)
{
    /// <summary>The number of the notice before the first picture.</summary>
    public const long First = 1;
}
