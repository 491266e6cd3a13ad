using Counter.Counting.Pages;
using Counter.Counting.Play;
using Counter.Counting.Polls;
using Counter.Grains.Messages;

namespace Counter.Grains.Changes;

/// <summary>What waits for one client: the newest of each number and table, and a bounded queue of all else. Safe for concurrent use.</summary>
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
            // A view counts again 10 s after a command that was lost.
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
            // Polls are read every second as well.
            if (polls.Count < MostQueued)
            {
                polls.Enqueue(change);
            }
        }
    }

    /// <summary>The next batch to an inbox; null when nothing waits.</summary>
    /// <param name="silo">Names one run of this silo.</param>
    /// <param name="to">The inbox.</param>
    /// <param name="beat">Whether a batch is due that says nothing but that the silo is there.</param>
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

    /// <returns>False when a batch is under way.</returns>
    public bool TryBegin()
    {
        lock (gate)
        {
            return !isSending && (isSending = true);
        }
    }

    /// <summary>A batch is sent, or lost.</summary>
    /// <returns>Whether something waits.</returns>
    public bool End()
    {
        lock (gate)
        {
            isSending = false;
            return !IsEmpty;
        }
    }
}
