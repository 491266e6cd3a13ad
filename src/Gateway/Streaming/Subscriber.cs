using Counter.Gateway.Frames;
using Counter.Gateway.Settings;

namespace Counter.Gateway.Streaming;

/// <summary>A stream that is shown a state.</summary>
/// <param name="stream">The stream.</param>
internal abstract class Subscriber<TState>(LiveStream stream) : IViewerStream
{
    private Frame? last;
    private volatile bool isDue;

    /// <inheritdoc/>
    public LiveStream Stream => stream;

    /// <summary>Shows a state. Only the broadcast does, one at a time, so that the newest comes last.</summary>
    public virtual void Show(TState state)
    {
        if (TryDraw(state) is { } frame)
        {
            Offer(frame);
        }
    }

    /// <summary>Offers a frame to the stream, unless it is what the stream shows. Of one viewer never two at once.</summary>
    public void Offer(Frame frame)
    {
        // Different states can look the same (1.2k), and the cache has one frame for them.
        if (isDue || !ReferenceEquals(frame, last))
        {
            isDue = false;
            last = frame;
            stream.Offer(frame);
        }
    }

    /// <summary>What is shown next is sent, changed or not.</summary>
    public virtual void Forget() => isDue = true;

    /// <summary>Looks after the stream.</summary>
    /// <returns>True when the broadcast has to push.</returns>
    public virtual bool Maintain(StreamingOptions options)
    {
        if (!stream.Maintain(options))
        {
            return false;
        }

        Forget();
        return true;
    }

    /// <summary>For how long <see cref="Maintain"/> has nothing to do.</summary>
    public virtual TimeSpan RestsFor(StreamingOptions options) => stream.RestsFor(options);

    /// <inheritdoc/>
    public abstract void End();

    /// <summary>Ends the stream properly with a last state.</summary>
    public void End(TState last)
    {
        if (TryDraw(last) is { } frame)
        {
            stream.End(frame);
        }
    }

    /// <summary>Makes a frame; null when that failed, which ends the stream.</summary>
    public Frame? TryDraw(TState state)
    {
        try
        {
            return Draw(state);
        }
        catch (Exception)
        {
            // Whoever draws has logged it. It must not cost anybody else a frame, so this stream ends and the push goes on.
            stream.Close();
            return null;
        }
    }

    /// <summary>Makes the frame that shows a state on this stream. What looks the same should be the same frame.</summary>
    protected abstract Frame Draw(TState state);
}
