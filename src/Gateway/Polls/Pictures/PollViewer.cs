using Counter.Gateway.Relay;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Polls.Pictures;

/// <summary>Somebody who looks at a poll: without its results until they are shown to whom they look like.</summary>
internal sealed class PollViewer(ulong voter, PollLook look, LiveStream stream) : IViewerStream
{
    private volatile Watcher? watcher;

    /// <summary>The visitor, as a hash that means nothing tomorrow; 0 where that does not matter.</summary>
    public ulong Voter => voter;

    /// <summary>How it looks.</summary>
    public PollLook Look => look;

    /// <summary>Whether the results are shown as to one who voted.</summary>
    public bool Voted { get; private set; }

    /// <inheritdoc/>
    public LiveStream Stream => stream;

    /// <summary>Shows a screen from now on. Nobody else shows anything meanwhile.</summary>
    public void Watch(Screen screen, bool voted)
    {
        Voted = voted;
        watcher = new Watcher(screen, stream);
        screen.Join(watcher);
    }

    /// <summary>Shows a screen no longer.</summary>
    public void Leave(Screen screen)
    {
        if (watcher is { } watching)
        {
            screen.Leave(watching);
        }
    }

    /// <inheritdoc/>
    public void End() => watcher?.End();
}
