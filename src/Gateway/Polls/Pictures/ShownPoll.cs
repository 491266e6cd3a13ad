using System.Collections.Concurrent;
using Counter.Counting;
using Counter.Gateway.Frames;
using Counter.Gateway.Relay;

namespace Counter.Gateway.Polls.Pictures;

/// <summary>A poll that somebody looks at: each look of it is a screen, with and without results, and all change together.</summary>
internal sealed class ShownPoll : IDisposable
{
    /// <summary>A picture has some kilobytes, so of many votes at a time not every one is shown on its own.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    private readonly Func<PollLook, bool, Frame> draw;
    private readonly Coalescer pacing;

    // Held while something is shown, so that nobody sees what is older after what is newer.
    private readonly Lock showing = new();
    private readonly Dictionary<(PollLook Look, bool Voted), Screen> screens = [];
    private readonly ConcurrentDictionary<PollViewer, bool> viewers = [];
    private bool over;

    /// <param name="draw">Draws the poll as it is now, for those who voted or for others.</param>
    /// <param name="clock">Tells the time.</param>
    public ShownPoll(Func<PollLook, bool, Frame> draw, TimeProvider clock)
    {
        this.draw = draw;
        pacing = new Coalescer(clock, Pace, Update);
    }

    /// <summary>How many look.</summary>
    public int Streams => viewers.Count;

    /// <summary>Those who look.</summary>
    public ICollection<PollViewer> Viewers => viewers.Keys;

    /// <summary>Adds a viewer, who sees it at once.</summary>
    /// <returns>False when the last viewer has left: then it is over.</returns>
    public bool TryJoin(PollViewer viewer, bool voted)
    {
        lock (showing)
        {
            if (!over)
            {
                Watch(viewer, voted);
                viewers[viewer] = true;
            }

            return !over;
        }
    }

    /// <summary>Takes a viewer out.</summary>
    /// <returns>Whether that was the last one; then it is over.</returns>
    public bool Leave(PollViewer viewer)
    {
        lock (showing)
        {
            viewers.TryRemove(viewer, out _);
            LeaveScreen(viewer);
            return over = viewers.IsEmpty;
        }
    }

    /// <summary>Shows the results to a visitor who voted.</summary>
    public void Reveal(ulong voter)
    {
        lock (showing)
        {
            foreach (var viewer in viewers.Keys.Where(viewer => viewer.Voter == voter && !viewer.Voted))
            {
                LeaveScreen(viewer);
                Watch(viewer, voted: true);
            }
        }
    }

    /// <summary>Something may have changed.</summary>
    public void Change() => pacing.Trigger();

    public void Dispose() => pacing.Dispose();

    private void Watch(PollViewer viewer, bool voted)
    {
        var key = (viewer.Look, voted);
        if (!screens.TryGetValue(key, out var screen))
        {
            screens[key] = screen = new Screen(draw(viewer.Look, voted));
        }

        viewer.Watch(screen, voted);
    }

    private void LeaveScreen(PollViewer viewer)
    {
        var key = (viewer.Look, viewer.Voted);
        if (screens.TryGetValue(key, out var screen))
        {
            viewer.Leave(screen);
            if (screen.Streams == 0)
            {
                screens.Remove(key);
            }
        }
    }

    /// <summary>Draws what changed, and shows it.</summary>
    private void Update()
    {
        lock (showing)
        {
            // What most look at comes first: anybody can make up a look.
            foreach (var ((look, voted), screen) in screens.OrderByDescending(screen => screen.Value.Streams))
            {
                try
                {
                    var frame = draw(look, voted);
                    if (!ReferenceEquals(frame, screen.Current))
                    {
                        screen.Put(frame).Tell();
                    }
                }
                catch (Exception)
                {
                    // Whoever draws has logged it. The next change tries again, and the other looks are drawn.
                }
            }
        }
    }
}
