using Counter.Gateway.Frames;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Play.Elsewhere;

/// <summary>Somebody here who looks at a table elsewhere.</summary>
/// <param name="stream">The open picture.</param>
internal sealed class FarViewer(LiveStream stream) : IViewerStream
{
    private volatile Frame? last;

    public LiveStream Stream => stream;

    /// <summary>A picture has come.</summary>
    public void Show(Frame frame)
    {
        last = frame;
        stream.Offer(frame);
    }

    /// <inheritdoc/>
    public void End()
    {
        if (last is { } frame)
        {
            stream.End(frame);
        }
        else
        {
            stream.Close();
        }
    }
}
