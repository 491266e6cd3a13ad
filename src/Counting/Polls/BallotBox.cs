namespace Counter.Counting.Polls;

/// <summary>
/// Collects the votes of one poll, many in one change of the stored poll: call <see cref="Take"/>, then <see cref="Keep"/> or
/// <see cref="Undo"/>. Keeps who voted today, in memory only. Not safe for concurrent use.
/// </summary>
/// <param name="writer">Identifies this box among all that ever write to the poll.</param>
public sealed class BallotBox(string writer)
{
    // A poll with many voters must not use all ballots of a silo.
    private const int ShareOfPoll = 10;

    private readonly List<(PollVote Vote, VoteResult Result)> cast = [];

    // Changes that may or may not be stored. Their votes do not count.
    private readonly List<VoteBatch> doubtful = [];

    private Ballots ballots = new(0, 0);
    private DateOnly day;
    private Poll? known;
    private VoteBatch? sent;
    private long number;

    /// <summary>The number of visitors who voted today.</summary>
    public int Count => ballots.Count;

    /// <summary>Whether it is unknown which of the last changes are stored. The next change resolves it, even one without votes.</summary>
    public bool IsInDoubt => doubtful.Count > 0;

    /// <summary>Whether a visitor has voted today.</summary>
    public bool HasVoted(ulong voter, DateTimeOffset now) => day == DayOf(now) && ballots.Find(voter) is not null;

    /// <summary>The choice of a visitor today; null for none.</summary>
    public VoteChoice? Find(ulong voter, DateTimeOffset now) =>
        day == DayOf(now) && known is not null && ballots.Find(voter) is { } answer && answer < known.Definition.Answers.Count
            ? new VoteChoice(known.Definition.Answers[answer], known.Beginning)
            : null;

    /// <summary>Applies votes to the poll.</summary>
    /// <param name="stored">The stored poll; null if there is none.</param>
    /// <param name="votes">The votes, in order of arrival.</param>
    /// <param name="limits">The limits of ballots.</param>
    /// <param name="room">How many more ballots fit in this silo.</param>
    /// <param name="now">The time.</param>
    /// <param name="ends">Receives the result of each vote; valid once the change is stored.</param>
    /// <param name="past">The votes of a day before that of the returned poll; null for none.</param>
    /// <returns>The poll to store; null if nothing changes.</returns>
    public Poll? Take(
        Poll? stored, IReadOnlyList<PollVote> votes, BallotLimits limits, int room, DateTimeOffset now, Span<VoteEnd> ends, out DayVotes? past)
    {
        past = null;
        TurnDay(now, limits);
        if ((stored ?? Begin(votes, now)) is not { } poll)
        {
            // The poll was deleted with its votes.
            doubtful.Clear();
            ends.Fill(VoteEnd.Unknown);
            return null;
        }

        Follow(poll, stored is null, limits);
        var answers = poll.Definition.Answers;
        var changes = new long[answers.Count];
        var before = ballots.Count;
        for (var i = 0; i < votes.Count; i++)
        {
            ends[i] = Cast(poll, votes[i], room - (ballots.Count - before), now, changes);
        }

        // Of the doubtful changes the store has the one that it names, or none, because each was based on the poll as it was stored then.
        var own = changes.ToArray();
        if (poll.Taken.FirstOrDefault(taken => taken.Gateway == writer) is { } last
            && doubtful.Find(batch => batch.Number == last.Number) is { } counted && counted.Round == poll.Round && counted.Changes.Count == changes.Length)
        {
            for (var i = 0; i < changes.Length; i++)
            {
                changes[i] -= counted.Changes[i];
            }
        }

        if (!IsInDoubt && Array.TrueForAll(changes, change => change == 0))
        {
            cast.Clear();
            return null;
        }

        // A change that is still under way then fails, because it finds another version.
        sent = new VoteBatch(writer, ++number, poll.Round, day, own);
        return poll.Take(sent with { Changes = changes }, out past);
    }

    /// <summary>The result of <see cref="Take"/> is stored.</summary>
    public void Keep(Poll poll)
    {
        known = poll;
        cast.Clear();
        doubtful.Clear();
        sent = null;
    }

    /// <summary>The result of <see cref="Take"/> is not stored. Removes its votes.</summary>
    /// <param name="inDoubt">Whether it may be stored nevertheless.</param>
    public void Undo(bool inDoubt)
    {
        for (var i = cast.Count - 1; i >= 0; i--)
        {
            ballots.Undo(cast[i].Vote.Voter, cast[i].Vote.Network, cast[i].Result);
        }

        cast.Clear();
        if (inDoubt && sent is not null)
        {
            doubtful.Add(sent);
        }

        sent = null;
    }

    /// <summary>Forgets who voted.</summary>
    public void Forget() => (ballots, day) = (new Ballots(0, 0), default);

    private static DateOnly DayOf(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime);

    private static Poll? Begin(IReadOnlyList<PollVote> votes, DateTimeOffset now) =>
        votes.Select(vote => vote.IfNew).FirstOrDefault(begun => begun is not null) is { } begun
            ? Poll.Begin(begun.Page, begun.Name, begun.Asked, DayOf(now))
            : null;

    private VoteEnd Cast(Poll poll, PollVote vote, int room, DateTimeOffset now, long[] changes)
    {
        var answer = poll.Definition.Answers.ToList().IndexOf(vote.Answer);
        if (answer < 0 || poll.Definition.IsClosed(now))
        {
            return answer < 0 ? VoteEnd.Unknown : VoteEnd.Closed;
        }

        var result = room > 0 || ballots.Contains(vote.Voter)
            ? ballots.Cast(vote.Voter, vote.Network, vote.Name, answer, now)
            : new VoteResult(VoteOutcome.Full);
        if (result.From is { } from)
        {
            changes[from]--;
        }

        if (result.To is { } to)
        {
            changes[to]++;
        }

        if (result.From is not null || result.To is not null)
        {
            cast.Add((vote, result));
        }

        return result.Outcome switch
        {
            VoteOutcome.TooManyHere => VoteEnd.TooManyHere,
            VoteOutcome.Full => VoteEnd.Full,
            _ => VoteEnd.Taken,
        };
    }

    private void TurnDay(DateTimeOffset now, BallotLimits limits)
    {
        if (day != DayOf(now))
        {
            day = DayOf(now);
            Clear(limits);
        }
    }

    /// <summary>
    /// Continues with the current poll. If its answers changed, votes for answers that stay are kept. If it was reset, all may vote again.
    /// </summary>
    private void Follow(Poll poll, bool isNew, BallotLimits limits)
    {
        if (isNew || (known is not null && known.Beginning != poll.Beginning))
        {
            Clear(limits);
        }
        else if (known is not null && known.Round != poll.Round)
        {
            ballots.Align(known.Definition.Answers, poll.Definition.Answers);
        }

        known = poll;
    }

    private void Clear(BallotLimits limits) => ballots = new Ballots(Math.Max(1, limits.Ballots / ShareOfPoll), limits.PerAddress);
}
