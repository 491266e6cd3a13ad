using Counter.Gateway.Frames;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Relay;

/// <summary>Somebody who watches a screen.</summary>
internal sealed class Watcher(Screen screen, LiveStream stream) : IViewerStream
{
    private readonly Lock gate = new();
    private long shown;

    public LiveStream Stream => stream;

    /// <summary>Shows a picture, unless a later one was shown already: whoever publishes and whoever joins do not wait for each other.</summary>
    /// <param name="frame">The picture.</param>
    /// <param name="number">Its number on the screen, from 1.</param>
    public void Show(Frame frame, long number)
    {
        lock (gate)
        {
            if (number > shown)
            {
                shown = number;
                stream.Offer(frame);
            }
        }
    }

    /// <summary>Ends the stream properly, with the picture that it shows.</summary>
    public void End() => stream.End(screen.Current);
}
