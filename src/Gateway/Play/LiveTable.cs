using Counter.Counting;
using Counter.Counting.Play;
using Counter.Gateway.Play.Pictures;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Play;

/// <summary>A table and the pictures of it that are open here. Changes are pushed at once, many together at most ten times a second.</summary>
internal sealed class LiveTable : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly Coalescer pacing;
    private readonly Lock gate = new();
    private readonly HashSet<TableViewer> viewers = [];
    private TableState state;

    /// <param name="id">Its name.</param>
    /// <param name="state">What it is like.</param>
    /// <param name="clock">Tells the time.</param>
    public LiveTable(string id, TableState state, TimeProvider clock)
    {
        (Id, this.state) = (id, state);
        pacing = new Coalescer(clock, Pace, Push);
    }

    /// <summary>Its name.</summary>
    public string Id { get; }

    /// <summary>The newest state that is known.</summary>
    public TableState State
    {
        get
        {
            lock (gate)
            {
                return state;
            }
        }
    }

    /// <summary>The open pictures of it.</summary>
    public int Streams
    {
        get
        {
            lock (gate)
            {
                return viewers.Count;
            }
        }
    }

    /// <summary>Who looks, for the table.</summary>
    public IReadOnlyList<TableViewerCount> Count()
    {
        lock (gate)
        {
            return [.. viewers.GroupBy(viewer => viewer.Ticket).Select(some => new TableViewerCount(some.Key, some.Count()))];
        }
    }

    /// <summary>Takes a state, unless a newer one is known.</summary>
    public void Apply(TableState next)
    {
        lock (gate)
        {
            if (next.Version <= state.Version)
            {
                return;
            }

            state = next;
        }

        pacing.Trigger();
    }

    /// <summary>Somebody looks.</summary>
    public void Add(TableViewer viewer)
    {
        lock (gate)
        {
            viewers.Add(viewer);
        }

        pacing.Trigger();
    }

    /// <summary>Somebody looks no longer.</summary>
    public void Remove(TableViewer viewer)
    {
        lock (gate)
        {
            viewers.Remove(viewer);
        }
    }

    /// <summary>The open pictures, as they are now.</summary>
    public TableViewer[] All()
    {
        lock (gate)
        {
            return [.. viewers];
        }
    }

    /// <summary>Re-sends what was not sent for long.</summary>
    public void Tend(StreamingOptions options)
    {
        var isDue = false;
        foreach (var viewer in All())
        {
            isDue |= viewer.Tend(options);
        }

        if (isDue)
        {
            pacing.Trigger();
        }
    }

    /// <summary>The table is no more; whoever looks sees that.</summary>
    public void End() => Array.ForEach(All(), viewer => viewer.End(Scene.HasEnded));

    public void Dispose() => pacing.Dispose();

    private void Push()
    {
        var now = State;
        foreach (var viewer in All())
        {
            viewer.Show(Scene.Of(now, viewer.Ticket));
        }
    }
}
