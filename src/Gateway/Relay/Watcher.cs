using Counter.Gateway.Frames;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Relay;

/// <summary>Somebody who watches a screen.</summary>
/// <param name="screen">The screen.</param>
/// <param name="stream">The stream that shows it.</param>
/// <param name="isPlayer">Whether what it gets may be recorded: then it begins with the first picture, and not with a notice of another size.</param>
/// <param name="takesAll">Whether it gets a picture again that is the same as the one before.</param>
internal sealed class Watcher(Screen screen, LiveStream stream, bool isPlayer = false, bool takesAll = false) : IViewerStream
{
    private readonly Lock gate = new();
    private long shown;

    public LiveStream Stream => stream;

    /// <summary>Whether what it gets may be recorded.</summary>
    public bool IsPlayer => isPlayer;

    /// <summary>Whether it gets a picture again that is the same as the one before.</summary>
    public bool TakesAll => takesAll;

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
    public void End()
    {
        if (isPlayer)
        {
            stream.EndNow();
        }
        else
        {
            stream.End(screen.Current);
        }
    }
}
