using System.Diagnostics.CodeAnalysis;
using Counter.Counting.Polls;
using Counter.Gateway.Cluster;
using Counter.Gateway.Documents;
using Counter.Gateway.Streaming;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Polls.Votes;

/// <summary>Who voted what at this gateway today, and the votes that are not kept yet. What is here of visitors is in memory only and ends with the day.</summary>
internal sealed class BallotBox
{
    // A poll that everybody votes in must not take all the room.
    private const int ShareOfPoll = 10;

    private readonly Lock gate = new();
    private readonly DocumentBook<Poll> book;
    private readonly ThisGateway here;
    private readonly LimitsOptions limits;
    private readonly TimeProvider clock;

    // Guarded by `gate`, as is all that is in them.
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private DateOnly day;
    private int ballots;
    private long number;

    public BallotBox(DocumentBook<Poll> book, ThisGateway here, IOptions<LimitsOptions> limits, TimeProvider clock)
    {
        (this.book, this.here, this.limits, this.clock) = (book, here, limits.Value, clock);
        book.Changed += (before, now) =>
        {
            var gone = before.Keys.Where(poll => !now.ContainsKey(poll)).ToList();
            lock (gate)
            {
                // Of a poll that was deleted nothing is kept, even if it begins anew.
                gone.ForEach(Forget);
            }
        };
    }

    /// <summary>A vote was taken here: the poll of this document has other votes now.</summary>
    public event Action<string>? Changed;

    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    /// <summary>Takes a vote.</summary>
    public VoteEnd Cast(PollVote vote)
    {
        var stored = book.Entries.GetValueOrDefault(vote.Poll)?.Value;
        lock (gate)
        {
            if ((stored ?? Begun(vote.Poll) ?? vote.IfNew) is not { } poll || IndexOf(poll.Definition.Answers, vote.Answer) is not { } answer)
            {
                return VoteEnd.Unknown;
            }

            var now = clock.GetUtcNow();
            if (poll.Definition.IsClosed(now))
            {
                return VoteEnd.Closed;
            }

            TurnDay();
            if (!TryFindOrAdd(vote.Poll, poll, stored is null, out var entry))
            {
                return VoteEnd.NoRoom;
            }

            var before = entry.Ballots.Count;
            var most = limits.Ballots - ballots;
            var result = most > 0 || entry.Ballots.Knows(vote.Voter)
                ? entry.Ballots.Cast(vote.Voter, vote.Network, vote.Name, answer, now)
                : new VoteResult(VoteOutcome.Full);
            ballots += entry.Ballots.Count - before;
            entry.Pending.Add(poll.Round, day, poll.Definition.Answers.Count, result);
            if (result.From is null && result.To is null)
            {
                return result.Outcome switch
                {
                    VoteOutcome.TooManyHere => VoteEnd.TooManyHere,
                    VoteOutcome.Full => VoteEnd.Full,
                    _ => VoteEnd.Taken,
                };
            }
        }

        Changed?.Invoke(vote.Poll);
        return VoteEnd.Taken;
    }

    /// <summary>Whether a visitor has voted here today.</summary>
    public bool HasVoted(VoteQuestion question)
    {
        lock (gate)
        {
            TurnDay();
            return entries.TryGetValue(question.Poll, out var entry) && entry.Ballots.Find(question.Voter) is not null;
        }
    }

    /// <summary>The votes of a poll, with those that are not kept yet.</summary>
    public IReadOnlyList<long> VotesOf(string id, Poll poll)
    {
        lock (gate)
        {
            return entries.TryGetValue(id, out var entry) ? entry.Pending.AddTo(poll) : poll.Votes;
        }
    }

    /// <summary>Votes to be kept, of so many polls at most. The same are told again until <see cref="Done"/> is.</summary>
    public IReadOnlyList<KeptVotes> Waiting(int most)
    {
        lock (gate)
        {
            var waiting = new List<KeptVotes>();
            foreach (var (id, entry) in entries)
            {
                if (waiting.Count < most && entry.Pending.Next(number + 1) is { } batch)
                {
                    number = Math.Max(number, batch.Number);
                    waiting.Add(new KeptVotes(id, entry.IfNew, batch));
                }
            }

            return waiting;
        }
    }

    /// <summary>Votes are kept.</summary>
    public void Done(IReadOnlyList<KeptVotes> votes)
    {
        lock (gate)
        {
            foreach (var (id, _, batch) in votes)
            {
                entries.GetValueOrDefault(id)?.Pending.Done(batch);
            }

            TurnDay();
        }
    }

    private static int? IndexOf(IReadOnlyList<string> answers, string answer)
    {
        var at = answers.ToList().IndexOf(answer);
        return at < 0 ? null : at;
    }

    private Poll? Begun(string id) => entries.GetValueOrDefault(id)?.IfNew;

    private bool TryFindOrAdd(string id, Poll poll, bool isNew, [NotNullWhen(true)] out Entry? entry)
    {
        if (!entries.TryGetValue(id, out entry))
        {
            if (isNew && !HasRoomFor(id))
            {
                return false;
            }

            entries[id] = entry = new Entry(here.Id, isNew ? poll : null);
        }

        if (entry.Round != poll.Round)
        {
            ballots -= entry.Ballots.Count;
            entry.Begin(poll.Round, limits);
        }

        return true;
    }

    /// <summary>Whether there is room for another poll of a site. What others begin at the same time may go a little beyond it.</summary>
    private bool HasRoomFor(string id)
    {
        var site = id[..(id.LastIndexOf('/') + 1)];
        var fresh = entries.Where(entry => entry.Value.IfNew is not null && !book.Entries.ContainsKey(entry.Key)).ToList();
        return book.Entries.Count + fresh.Count < limits.Polls
            && book.Entries.Keys.Count(Is) + fresh.Count(entry => Is(entry.Key)) < limits.PollsPerSite;

        bool Is(string poll) => poll.StartsWith(site, StringComparison.Ordinal);
    }

    /// <summary>Forgets who voted when the day is over, and polls of which nothing waits to be kept.</summary>
    private void TurnDay()
    {
        if (Today == day)
        {
            return;
        }

        day = Today;
        ballots = 0;
        foreach (var (id, entry) in entries.ToList())
        {
            entry.Begin(entry.Round, limits);
            if (entry.Pending.IsEmpty)
            {
                entries.Remove(id);
            }
        }
    }

    private void Forget(string id)
    {
        if (entries.Remove(id, out var entry))
        {
            ballots -= entry.Ballots.Count;
        }
    }

    private sealed class Entry(string gateway, Poll? ifNew)
    {
        /// <summary>The poll that the first vote began; null for one that was there.</summary>
        public Poll? IfNew { get; } = ifNew;

        public PendingVotes Pending { get; } = new(gateway);

        /// <summary>The round of the ballots: when the answers of a poll change, who voted before may vote anew. Null before the first vote.</summary>
        public string? Round { get; private set; }

        public Ballots Ballots { get; private set; } = new(0, 0);

        public void Begin(string? round, LimitsOptions limits) =>
            (Round, Ballots) = (round, new Ballots(Math.Max(1, limits.Ballots / ShareOfPoll), limits.VotersPerAddress));
    }
}
