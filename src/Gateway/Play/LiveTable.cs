using System.Net;
using Counter.Counting;
using Counter.Gateway.Frames;
using Counter.Gateway.Play.Pictures;
using Counter.Gateway.Play.Rules;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Play;

/// <summary>A table and the pictures of it that are open. Changes are pushed at once, many together at most ten times a second.</summary>
internal sealed class LiveTable : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider clock;
    private readonly Coalescer pacing;
    private readonly Lock gate = new();
    private readonly HashSet<TableViewer> viewers = [];
    private readonly Table table;

    private bool ended;

    // Since when nobody looks.
    private DateTimeOffset quietSince;

    /// <param name="id">Its name.</param>
    /// <param name="by">Who began it.</param>
    /// <param name="grace">For how long a player may be away.</param>
    /// <param name="clock">Tells the time.</param>
    public LiveTable(string id, IPAddress by, TimeSpan grace, TimeProvider clock)
    {
        (Id, By, this.clock) = (id, by, clock);
        pacing = new Coalescer(clock, Pace, Push);
        quietSince = clock.GetUtcNow();
        table = new Table(grace, quietSince);
    }

    /// <summary>Its name.</summary>
    public string Id { get; }

    /// <summary>Who began it. In memory only.</summary>
    public IPAddress By { get; }

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

    /// <summary>Looks at the table.</summary>
    public T Read<T>(Func<Table, T> read)
    {
        lock (gate)
        {
            return read(table);
        }
    }

    /// <summary>Counts a click; false when there are more a second than people make.</summary>
    public bool TryClick(string? ticket, int most)
    {
        lock (gate)
        {
            return table.TryClick(ticket, most, clock.GetUtcNow());
        }
    }

    /// <summary>Does something at the table, and shows it to everybody when it changed anything.</summary>
    public bool Change(Func<Table, DateTimeOffset, bool> change)
    {
        lock (gate)
        {
            quietSince = clock.GetUtcNow();
            if (!change(table, quietSince))
            {
                return false;
            }
        }

        Changed();
        return true;
    }

    /// <summary>There is something to show.</summary>
    public void Changed() => pacing.Trigger();

    /// <summary>What whoever has this ticket sees now.</summary>
    public Scene SceneFor(string? ticket)
    {
        lock (gate)
        {
            return Scene.Of(table, ticket, Watching());
        }
    }

    /// <summary>Shows the table on a stream until the stream ends. Its player is there meanwhile.</summary>
    public async Task RunAsync(LiveStream stream, string? ticket, Func<Scene, Frame> draw)
    {
        using var gone = stream.Aborted.UnsafeRegister(static stream => ((LiveStream)stream!).Close(), stream);
        var viewer = new TableViewer(this, ticket, stream, draw);
        lock (gate)
        {
            if (!ended)
            {
                viewers.Add(viewer);
                table.Look(ticket);
            }
        }

        // A table that has ended meanwhile shows nothing any more by itself.
        if (ended)
        {
            viewer.End();
        }

        Changed();
        try
        {
            await stream.Completion;
        }
        finally
        {
            lock (gate)
            {
                viewers.Remove(viewer);
                quietSince = clock.GetUtcNow();
                table.LookAway(ticket, quietSince);
            }

            Changed();
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

    /// <summary>Does what is due: gives players up who were away for too long, re-sends what was not sent for long.</summary>
    /// <returns>Since when nobody looks; null while somebody does.</returns>
    public DateTimeOffset? Tend(StreamingOptions options)
    {
        bool due;
        lock (gate)
        {
            due = table.Tick(clock.GetUtcNow());
        }

        foreach (var viewer in All())
        {
            due |= viewer.Tend(options);
        }

        if (due)
        {
            Changed();
        }

        lock (gate)
        {
            return viewers.Count > 0 ? null : quietSince;
        }
    }

    /// <summary>The table is no more; whoever looks sees that.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            ended = true;
        }

        pacing.Dispose();
        Array.ForEach(All(), viewer => viewer.End());
    }

    /// <summary>The caller holds the lock.</summary>
    private int Watching() => viewers.Count(viewer => table.MarkOf(viewer.Ticket) is null);

    private void Push()
    {
        (TableViewer Viewer, Scene Scene)[] shows;
        lock (gate)
        {
            var watching = Watching();
            shows = [.. viewers.Select(viewer => (viewer, Scene.Of(table, viewer.Ticket, watching)))];
        }

        foreach (var (viewer, scene) in shows)
        {
            viewer.Show(scene);
        }
    }
}
