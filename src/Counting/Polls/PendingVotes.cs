namespace Counter.Counting.Polls;

/// <summary>
/// The votes of one poll that came in at one gateway and are not known to be kept yet. One batch is on its way at a time; it stays as it is
/// until somebody knows that it was taken, so that telling it again never counts it twice. Not safe for concurrent use.
/// </summary>
/// <param name="gateway">The run of the gateway.</param>
public sealed class PendingVotes(string gateway)
{
    // More than one only while the store does not answer around midnight, or while a poll is being changed.
    private readonly List<(string Round, DateOnly Day, long[] Changes)> waiting = [];
    private VoteBatch? sent;

    /// <summary>Whether there is nothing to keep.</summary>
    public bool IsEmpty => sent is null && waiting.TrueForAll(one => Array.TrueForAll(one.Changes, change => change == 0));

    /// <summary>Adds what a vote changes.</summary>
    public void Add(string round, DateOnly day, int answers, VoteResult vote)
    {
        var at = waiting.FindIndex(one => one.Round == round && one.Day == day && one.Changes.Length == answers);
        if (at < 0)
        {
            // Of other rounds nothing can be kept any more.
            waiting.RemoveAll(one => one.Round != round);
            waiting.Add((round, day, new long[answers]));
            at = waiting.Count - 1;
        }

        if (vote.From is { } from)
        {
            waiting[at].Changes[from]--;
        }

        if (vote.To is { } to)
        {
            waiting[at].Changes[to]++;
        }
    }

    /// <summary>The answers change, and with them the round: what waits for answers that stay is kept in the new one, unless it was taken in the old one.</summary>
    public void Align(Poll before, Poll after)
    {
        IReadOnlyList<string> old = before.Definition.Answers, answers = after.Definition.Answers;
        for (var i = 0; i < waiting.Count; i++)
        {
            if (waiting[i].Round == before.Round && waiting[i].Changes.Length == old.Count)
            {
                waiting[i] = (after.Round, waiting[i].Day, [.. Poll.Align(waiting[i].Changes, old, answers)]);
            }
        }

        if (sent is not null && sent.Round == before.Round && sent.Changes.Count == old.Count)
        {
            sent = sent with { Round = after.Round, Changes = Poll.Align(sent.Changes, old, answers) };
        }
    }

    /// <summary>The batch to be kept next: the one that is on its way, else what waits longest; null when there is none.</summary>
    /// <param name="number">The number of a new batch: higher than any before it, of whatever poll.</param>
    public VoteBatch? Next(long number)
    {
        waiting.RemoveAll(one => Array.TrueForAll(one.Changes, change => change == 0));
        if (sent is null && waiting.Count > 0)
        {
            var (round, day, changes) = waiting[0];
            waiting.RemoveAt(0);
            sent = new VoteBatch(gateway, number, round, day, changes);
        }

        return sent;
    }

    /// <summary>A batch was taken, or never will be.</summary>
    public void Done(VoteBatch batch)
    {
        if (ReferenceEquals(sent, batch))
        {
            sent = null;
        }
    }

    /// <summary>The votes of a poll with those that it does not have yet.</summary>
    public IReadOnlyList<long> AddTo(Poll poll)
    {
        var votes = sent is null || poll.Has(sent) ? poll.Votes : Poll.Sum(poll.Votes, sent.Changes);
        foreach (var (round, _, changes) in waiting)
        {
            votes = round == poll.Round && changes.Length == votes.Count ? Poll.Sum(votes, changes) : votes;
        }

        return votes;
    }
}
