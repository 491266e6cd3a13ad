using Counter.Counting.Polls;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Counter.Counting.Tests.Polls;

/// <summary>Votes that are stored, refused or lost, over several days and activations, compared with the answers to voters.</summary>
public sealed class BallotBoxProperties
{
    private static readonly PollDefinition Asked = new("Tea?", ["Yes", "No"]);
    private static readonly NewPoll New = new("/a", "tea", Asked);
    private static readonly BallotLimits Limits = new(1000, 100);
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<Step> Steps =
        from what in Gen.Frequency(
            (8, Gen.Constant(Happening.Stored)), (2, Gen.Constant(Happening.Conflict)), (2, Gen.Constant(Happening.RequestLost)),
            (3, Gen.Constant(Happening.AnswerLost)), (1, Gen.Constant(Happening.Midnight)), (1, Gen.Constant(Happening.Restart)))
        from votes in Gen.Choose(1, 4).Select(voter => (ulong)voter).Zip(Gen.Choose(0, 1)).ListOf()
        select new Step(what, [.. votes]);

    [Fact]
    public void Stored_votes_match_the_answers_to_voters_whatever_is_lost() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(Arb.From(Steps.ListOf()), Agrees));

    [Fact]
    public void Pending_votes_are_stored_in_one_change()
    {
        var box = new BallotBox("one");
        var ends = new VoteEnd[100];
        var poll = box.Take(null, [.. Enumerable.Range(1, 100).Select(i => Vote((ulong)i, i % 2, (ulong)i))], Limits, 1000, Start, ends, out _);
        Assert.All(ends, end => Assert.Equal(VoteEnd.Taken, end));
        Assert.Equal([50, 50], poll!.Votes);
        Assert.Equal(new TakenBatch("one", 1), Assert.Single(poll.Taken));
    }

    [Fact]
    public void After_a_vote_that_was_not_stored_the_visitor_may_vote_again()
    {
        var box = new BallotBox("one");
        Assert.Equal([1, 0], Take(box, null, Vote(7, 0, 1))!.Votes);
        box.Undo(inDoubt: false);
        Assert.Equal((0, false), (box.Count, box.HasVoted(7, Start)));
        Assert.Equal([1, 0], Take(box, null, Vote(7, 0, 2))!.Votes);
    }

    [Fact]
    public void A_vote_stored_without_an_answer_is_removed_by_a_change_without_votes()
    {
        var box = new BallotBox("one");
        var stored = Take(box, null, Vote(7, 0, 1))!;
        box.Undo(inDoubt: true);
        Assert.True(box.IsInDoubt);
        var settled = Take(box, stored)!;
        box.Keep(settled);
        Assert.Equal([0, 0], settled.Votes);
        Assert.False(box.IsInDoubt);
        Assert.Null(Take(box, settled));
    }

    [Fact]
    public void Votes_follow_a_poll_that_is_changed_reset_and_deleted()
    {
        var box = new BallotBox("one");
        var stored = Keep(box, Take(box, null, Vote(1, 0, 1), Vote(2, 1, 2))!);
        stored = stored.Redefine(new PollDefinition("Tea?", ["No", "Yes"]), "second");
        Assert.Equal([1, 1], stored.Votes);
        stored = Keep(box, Take(box, stored, Vote(1, "No", 3))!);
        Assert.Equal([2, 0], stored.Votes);
        stored = stored.Reset("third");
        stored = Keep(box, Take(box, stored, Vote(1, "No", 4))!);
        Assert.Equal([1, 0], stored.Votes);
        Assert.Equal([1, 0], Keep(box, Take(box, null, Vote(1, 0, 5))!).Votes);
    }

    [Fact]
    public void A_closed_poll_an_unknown_answer_and_a_full_poll_have_different_results()
    {
        var box = new BallotBox("one");
        var closed = Poll.Begin("/a", "tea", Asked with { Closes = Start }, new DateOnly(2026, 3, 1));
        Assert.Equal([VoteEnd.Closed, VoteEnd.Unknown], Ends(box, closed, 10, Vote(1, 0, 1), Vote(1, "Maybe", 2)));
        Assert.Equal([VoteEnd.Taken, VoteEnd.Full], Ends(new BallotBox("two"), null, 1, Vote(1, 0, 1), Vote(2, 0, 2)));
        Assert.Equal(VoteEnd.Unknown, Assert.Single(Ends(box, null, 10, Vote(1, 0, 3) with { IfNew = null })));
    }

    private static bool Agrees(IList<Step> steps)
    {
        Poll? stored = null;
        var past = PastVotes.Empty;
        var writer = 0;
        var box = new BallotBox("0");
        var now = Start;
        var name = 0UL;
        var counted = new long[2];
        var model = new Dictionary<ulong, int>();
        foreach (var step in steps.Append(new Step(Happening.Stored, [])))
        {
            now += TimeSpan.FromSeconds(2);
            if (step.What is Happening.Midnight or Happening.Restart)
            {
                // Whoever restarts knows nothing of what was in doubt; so it is settled first, as the grain does while it lives.
                Write(Happening.Stored, []);
                model.Clear();
                (now, box) = step.What == Happening.Midnight ? (now.AddDays(1), box) : (now, new BallotBox($"{++writer}"));
                continue;
            }

            Write(step.What, step.Votes);
        }

        Assert.False(box.IsInDoubt);
        Assert.Equal(counted, stored?.Votes ?? [0, 0]);
        Assert.Equal(counted, Enumerable.Range(0, 2).Select(i => past.Days.Sum(day => day.Votes[i]) + (stored?.Today[i] ?? 0)));
        return true;

        void Write(Happening what, (ulong Voter, int Answer)[] clicks)
        {
            PollVote[] votes = [.. clicks.DistinctBy(click => click.Voter).Select(click => Vote(click.Voter, click.Answer, ++name))];
            var ends = new VoteEnd[votes.Length];
            if (what == Happening.Conflict)
            {
                // Somebody with a key was faster.
                box.Take(stored, votes, Limits, 1000, now, ends, out _);
                box.Undo(inDoubt: false);
                stored = stored is null ? null : stored with { Edition = stored.Edition + 1 };
            }

            // Nothing is to be stored where votes move to and fro: then there is nothing to lose either.
            if (box.Take(stored, votes, Limits, 1000, now, ends, out var day) is { } next)
            {
                if (what != Happening.RequestLost)
                {
                    stored = next;
                    past = day is null ? past : past.Add(day);
                }

                if (what is Happening.RequestLost or Happening.AnswerLost)
                {
                    box.Undo(inDoubt: true);
                    return;
                }

                box.Keep(next);
            }

            foreach (var vote in votes)
            {
                var answer = vote.Answer == "Yes" ? 0 : 1;
                var hadChosen = model.Remove(vote.Voter, out var before);
                if (hadChosen)
                {
                    counted[before]--;
                }

                if (!hadChosen || before != answer)
                {
                    model[vote.Voter] = answer;
                    counted[answer]++;
                }

                Assert.Equal(model.ContainsKey(vote.Voter), box.HasVoted(vote.Voter, now));
                var chosen = box.Find(vote.Voter, now)?.Answer;
                Assert.Equal(model.ContainsKey(vote.Voter) ? vote.Answer : null, chosen);
            }
        }
    }

    private static VoteEnd[] Ends(BallotBox box, Poll? stored, int room, params PollVote[] votes)
    {
        var ends = new VoteEnd[votes.Length];
        box.Take(stored, votes, Limits, room, Start, ends, out _);
        return ends;
    }

    private static Poll? Take(BallotBox box, Poll? stored, params PollVote[] votes) =>
        box.Take(stored, votes, Limits, 1000, Start + TimeSpan.FromSeconds(votes.Sum(vote => (long)vote.Name)), new VoteEnd[votes.Length], out _);

    private static Poll Keep(BallotBox box, Poll poll)
    {
        box.Keep(poll);
        return poll;
    }

    private static PollVote Vote(ulong voter, int answer, ulong name) => Vote(voter, Asked.Answers[answer], name);

    private static PollVote Vote(ulong voter, string answer, ulong name) => new(answer, voter, Ballots.AnyNetwork, name, New);

    private enum Happening
    {
        Stored,
        Conflict,
        RequestLost,
        AnswerLost,
        Midnight,
        Restart,
    }

    private sealed record Step(Happening What, (ulong Voter, int Answer)[] Votes);
}
