using Counter.Counting.Play;
using Counter.Gateway.Play.Pictures;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Play;

/// <summary>A table and the pictures of it that are open here. Changes are pushed at once, many together at most ten times a second.</summary>
/// <param name="id">Its name.</param>
/// <param name="state">What it is like.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class TableBroadcast(string id, TableState state, TimeProvider clock) : Broadcast<TableState, TableSubscriber>(clock, Pace)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private TableState state = state;

    /// <summary>Its name.</summary>
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

    /// <summary>Who looks, for the table.</summary>
    public IReadOnlyList<TableViewerCount> Count() =>
        [.. All().GroupBy(viewer => viewer.Ticket).Select(some => new TableViewerCount(some.Key, some.Count()))];

    /// <summary>Takes a state, unless a newer one is known.</summary>
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

    /// <summary>The table is no more; whoever looks sees that.</summary>
    public void End() => Array.ForEach(All(), viewer => viewer.End(Scene.HasEnded));
}
