using Counter.Counting.Play;
using Counter.Gateway.Play.Pictures;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Play;

/// <summary>Publishes a table to its open streams at this gateway. Pushes a change at once, but at most ten times a second.</summary>
/// <param name="id">The name of the table.</param>
/// <param name="state">The current state of the table.</param>
/// <param name="clock">The clock.</param>
internal sealed class TableBroadcast(string id, TableState state, TimeProvider clock) : Broadcast<TableState, TableSubscriber>(clock, Pace)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private TableState state = state;

    /// <summary>The name of the table.</summary>
    public string Id => id;

    /// <inheritdoc/>
    public override TableState State
    {
        get
        {
            lock (Gate)
            {
                return state;
            }
        }
    }

    /// <summary>The number of streams of each ticket, for the report to the table.</summary>
    public IReadOnlyList<TableViewerCount> Count() =>
        [.. All().GroupBy(viewer => viewer.Ticket).Select(some => new TableViewerCount(some.Key, some.Count()))];

    /// <summary>Applies a state that is newer than the current one.</summary>
    public void Apply(TableState next)
    {
        lock (Gate)
        {
            if (next.Version <= state.Version)
            {
                return;
            }

            state = next;
        }

        Changed();
    }

    /// <summary>Ends all streams with a picture that says that the table has ended.</summary>
    public void End() => Array.ForEach(All(), viewer => viewer.End(Scene.HasEnded));
}
