using Counter.Counting.Pages;
using Counter.Counting.Play;
using Counter.Counting.Polls;
using Counter.Grains.Messages;

namespace Counter.Grains.Changes;

/// <summary>The pending changes of one client: the newest of each number and table, and bounded queues. Safe for concurrent use.</summary>
internal sealed class PendingChanges
{
    private const int TotalsAtOnce = 1000;
    private const int MostQueued = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<CountKey, CountUpdate> totals = [];
    private readonly Dictionary<string, TableChange> tables = [];
    private readonly Queue<SiteCommand> commands = [];
    private readonly Queue<PollChange> polls = [];
    private bool isSending;
    private Guid inbox;
    private long number;

    private bool IsEmpty => totals.Count == 0 && commands.Count == 0 && polls.Count == 0 && tables.Count == 0;

    public void Put(CountUpdate total)
    {
        lock (gate)
        {
            if (!totals.TryGetValue(total.Key, out var other) || other.Version <= total.Version)
            {
                totals[total.Key] = total;
            }
        }
    }

    public void Put(TableChange change)
    {
        lock (gate)
        {
            tables[change.Table] = change;
        }
    }

    public void Put(SiteCommand command)
    {
        lock (gate)
        {
            // After a lost command a view counts again 10 s later.
            if (commands.Count < MostQueued)
            {
                commands.Enqueue(command);
            }
        }
    }

    public void Put(PollChange change)
    {
        lock (gate)
        {
            // A lost change does no harm, because polls are also read every second.
            if (polls.Count < MostQueued)
            {
                polls.Enqueue(change);
            }
        }
    }

    /// <summary>Takes the next batch; null when nothing is pending.</summary>
    /// <param name="silo">Identifies one run of this silo.</param>
    /// <param name="to">The inbox.</param>
    /// <param name="beat">Whether a heartbeat is due, so that the batch may be empty.</param>
    /// <param name="watched">Whether somebody watches the monitor.</param>
    public ChangeBatch? Take(string silo, Guid to, bool beat, bool watched)
    {
        lock (gate)
        {
            if (IsEmpty && !beat)
            {
                return null;
            }

            CountUpdate[] taken = [.. totals.Values.Take(TotalsAtOnce)];
            foreach (var total in taken)
            {
                totals.Remove(total.Key);
            }

            (inbox, number) = (to, to == inbox ? number + 1 : 1);
            var batch = new ChangeBatch(silo, number, taken, [.. commands], [.. polls], [.. tables.Values], watched);
            commands.Clear();
            polls.Clear();
            tables.Clear();
            return batch;
        }
    }

    /// <summary>Begins to send.</summary>
    /// <returns>False when another batch is under way.</returns>
    public bool TryBegin()
    {
        lock (gate)
        {
            return !isSending && (isSending = true);
        }
    }

    /// <summary>Ends sending, whether the batch was sent or lost.</summary>
    /// <returns>Whether changes are pending.</returns>
    public bool End()
    {
        lock (gate)
        {
            isSending = false;
            return !IsEmpty;
        }
    }
}
