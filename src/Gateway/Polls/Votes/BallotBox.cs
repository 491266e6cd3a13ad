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
    private readonly Lock gate = new();
    private readonly DocumentBook<Poll> book;
    private readonly ThisGateway here;
    private readonly LimitsOptions limits;
    private readonly TimeProvider clock;

    // Guarded by `gate`, as is all that is in them.
    private readonly Dictionary<string, VotedPoll> entries = new(StringComparer.Ordinal);
    private DateOnly day;
    private int ballots;
    private long number;

    public BallotBox(DocumentBook<Poll> book, ThisGateway here, IOptions<LimitsOptions> limits, TimeProvider clock)
    {
        (this.book, this.here, this.limits, this.clock) = (book, here, limits.Value, clock);
        book.Changed += (before, now) =>
        {
            lock (gate)
            {
                foreach (var (id, entry) in entries.ToList())
                {
                    if (now.TryGetValue(id, out var stored))
                    {
                        Follow(entry, stored.Value);
                    }
                    else if (before.ContainsKey(id))
                    {
                        // Of a poll that was deleted nothing is kept, even if it begins anew.
                        Forget(id);
                    }
                }
            }
        };
    }

    /// <summary>A vote was taken here: the poll of this document has other votes now.</summary>
    public event Action<string>? Changed;

    /// <summary>How many visitors who voted today are known here.</summary>
    public int Remembered
    {
        get
        {
            lock (gate)
            {
                return ballots;
            }
        }
    }

    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    /// <summary>Takes a vote.</summary>
    public VoteEnd Cast(PollVote vote)
    {
        lock (gate)
        {
            // Read in here, so that no vote that waited goes back to what the poll was before.
            var stored = book.Entries.GetValueOrDefault(vote.Poll)?.Value;
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

    /// <summary>Whether a poll has been voted in here, be it kept or not.</summary>
    public bool Knows(string id)
    {
        lock (gate)
        {
            return entries.ContainsKey(id);
        }
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

    /// <summary>Votes to be kept, of so many polls at most and none of some. The same are told again until <see cref="Done"/> is.</summary>
    public IReadOnlyList<KeptVotes> Waiting(int most, IReadOnlySet<string> except)
    {
        lock (gate)
        {
            var waiting = new List<KeptVotes>();
            foreach (var (id, entry) in entries)
            {
                if (waiting.Count < most && !except.Contains(id) && entry.Pending.Next(number + 1) is { } batch)
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
        }
    }

    /// <summary>Forgets who voted when the day is over, and polls of which nothing waits to be kept. Called all the time, also while nobody votes.</summary>
    public void TurnDay()
    {
        lock (gate)
        {
            if (Today == day)
            {
                return;
            }

            day = Today;
            ballots = 0;
            foreach (var (id, entry) in entries.ToList())
            {
                entry.Clear(limits);
                if (entry.Pending.IsEmpty)
                {
                    entries.Remove(id);
                }
            }
        }
    }

    private static int? IndexOf(IReadOnlyList<string> answers, string answer)
    {
        var at = answers.ToList().IndexOf(answer);
        return at < 0 ? null : at;
    }

    private Poll? Begun(string id) => entries.GetValueOrDefault(id)?.IfNew;

    private bool TryFindOrAdd(string id, Poll poll, bool isNew, [NotNullWhen(true)] out VotedPoll? entry)
    {
        if (!entries.TryGetValue(id, out entry))
        {
            if (isNew && !HasRoomFor(id))
            {
                return false;
            }

            entries[id] = entry = new VotedPoll(here.Id, isNew ? poll : null);
        }

        Follow(entry, poll);
        return true;
    }

    private void Follow(VotedPoll entry, Poll poll)
    {
        ballots -= entry.Ballots.Count;
        entry.Follow(poll, limits);
        ballots += entry.Ballots.Count;
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

    private void Forget(string id)
    {
        if (entries.Remove(id, out var entry))
        {
            ballots -= entry.Ballots.Count;
        }
    }
}
