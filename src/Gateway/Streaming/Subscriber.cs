using Counter.Gateway.Frames;
using Counter.Gateway.Settings;

namespace Counter.Gateway.Streaming;

/// <summary>A stream that shows a state.</summary>
/// <param name="stream">The stream.</param>
internal abstract class Subscriber<TState>(LiveStream stream) : IViewerStream
{
    private Frame? last;
    private volatile bool isDue;

    /// <inheritdoc/>
    public LiveStream Stream => stream;

    /// <summary>Shows a state. Only the broadcast calls it, one state at a time, so that the newest comes last.</summary>
    public virtual void Show(TState state)
    {
        if (TryDraw(state) is { } frame)
        {
            Offer(frame);
        }
    }

    /// <summary>Offers a frame to the stream, unless the stream shows it already. Never called twice at once for one stream.</summary>
    public void Offer(Frame frame)
    {
        // Different states can look the same (1.2k), and share a frame in the cache.
        if (isDue || !ReferenceEquals(frame, last))
        {
            isDue = false;
            last = frame;
            stream.Offer(frame);
        }
    }

    /// <summary>Makes the next offer send its frame, even an unchanged one.</summary>
    public virtual void Forget() => isDue = true;

    /// <summary>Maintains the stream.</summary>
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

    /// <summary>The time for which <see cref="Maintain"/> has nothing to do.</summary>
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

    /// <summary>Draws a frame. Null when that failed, which ends the stream.</summary>
    public Frame? TryDraw(TState state)
    {
        try
        {
            return Draw(state);
        }
        catch (Exception)
        {
            // The renderer has logged it. Other streams must not lose a frame, so this stream ends and the push continues.
            stream.Close();
            return null;
        }
    }

    /// <summary>Draws the frame of a state for this stream. States that look the same should give the same frame.</summary>
    protected abstract Frame Draw(TState state);
}
