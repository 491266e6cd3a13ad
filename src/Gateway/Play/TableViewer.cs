using Counter.Gateway.Frames;
using Counter.Gateway.Play.Pictures;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Play;

/// <summary>Somebody who looks at a table, playing or not.</summary>
/// <param name="table">The table.</param>
/// <param name="ticket">The secret of a player; null for those who came to watch.</param>
/// <param name="stream">The open picture.</param>
/// <param name="draw">Makes the frame that shows a scene on this stream.</param>
internal sealed class TableViewer(LiveTable table, string? ticket, LiveStream stream, Func<Scene, Frame> draw) : IViewerStream
{
    private Frame? last;

    public LiveStream Stream => stream;

    /// <summary>The secret of a player; null for those who came to watch.</summary>
    public string? Ticket => ticket;

    /// <summary>Shows what is new. Only the table's push does, so that the newest comes last.</summary>
    public void Show(Scene scene)
    {
        if (TryDraw(scene) is { } frame && !ReferenceEquals(frame, last))
        {
            last = frame;
            stream.Offer(frame);
        }
    }

    /// <summary>Re-sends what was not sent for long.</summary>
    /// <returns>Whether the table has to push.</returns>
    public bool Tend(StreamingOptions options)
    {
        if (!stream.Tend(options))
        {
            return false;
        }

        last = null;
        return true;
    }

    /// <inheritdoc/>
    public void End() => End(Scene.Stops);

    /// <summary>Ends the stream with a last picture.</summary>
    public void End(Func<Scene, Scene> last)
    {
        if (TryDraw(last(Scene.Of(table.State, ticket))) is { } frame)
        {
            stream.End(frame);
        }
    }

    private Frame? TryDraw(Scene scene)
    {
        try
        {
            return draw(scene);
        }
        catch (Exception)
        {
            // Whoever draws has logged it. It must not cost anybody else a frame, so this stream ends.
            stream.Close();
            return null;
        }
    }
}
