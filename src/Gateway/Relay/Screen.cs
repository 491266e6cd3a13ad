using Counter.Gateway.Frames;

namespace Counter.Gateway.Relay;

/// <summary>What a channel shows, and to whom.</summary>
/// <remarks>What is shown is numbered, and a watcher is never shown something earlier after something later.</remarks>
/// <param name="empty">What is shown at first.</param>
internal sealed class Screen(Frame empty)
{
    private const long First = 1;

    private readonly Lock gate = new();
    private readonly HashSet<Watcher> watchers = [];
    private Frame current = empty;
    private long number = First;

    /// <summary>What is shown: the last picture, or a notice.</summary>
    public Frame Current
    {
        get
        {
            lock (gate)
            {
                return current;
            }
        }
    }

    /// <summary>The streams that show it.</summary>
    public int Streams
    {
        get
        {
            lock (gate)
            {
                return watchers.Count;
            }
        }
    }

    /// <summary>The watchers, as they are now.</summary>
    public Watcher[] All()
    {
        lock (gate)
        {
            return [.. watchers];
        }
    }

    /// <summary>Adds a watcher, who gets what is shown at once; a player gets no notice that nothing is.</summary>
    public void Join(Watcher watcher)
    {
        Frame frame;
        long at;
        lock (gate)
        {
            watchers.Add(watcher);
            (frame, at) = (current, number);
        }

        if (at > First || !watcher.IsPlayer)
        {
            watcher.Show(frame, at);
        }
    }

    /// <summary>Takes a watcher out.</summary>
    public void Leave(Watcher watcher)
    {
        lock (gate)
        {
            watchers.Remove(watcher);
        }
    }

    /// <summary>Changes what is shown. Everybody is told by the result, which need not be under the caller's lock.</summary>
    public Change Put(Frame frame)
    {
        lock (gate)
        {
            current = frame;
            return new Change(frame, ++number, [.. watchers]);
        }
    }

    /// <summary>What is shown comes once more, for those who take all.</summary>
    public Change Repeat()
    {
        lock (gate)
        {
            return new Change(current, ++number, [.. watchers.Where(watcher => watcher.TakesAll)]);
        }
    }

    /// <summary>Something new is shown.</summary>
    public readonly record struct Change(Frame Frame, long Number, Watcher[] Watchers)
    {
        /// <summary>Shows it to everybody who was there.</summary>
        public void Tell()
        {
            foreach (var watcher in Watchers)
            {
                watcher.Show(Frame, Number);
            }
        }
    }
}
