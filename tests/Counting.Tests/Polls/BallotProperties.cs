using Counter.Counting.Polls;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Counter.Counting.Tests.Polls;

/// <summary>Votes compared with a model that has the choice of each visitor.</summary>
public sealed class BallotProperties
{
    private const int Voters = 4;
    private const int Answers = 3;

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<Click> Clicks =
        from voter in Gen.Choose(1, Voters)
        from answer in Gen.Choose(0, Answers - 1)
        from again in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new Click((ulong)voter, answer, again);

    [Fact]
    public void Every_voter_has_one_vote_that_can_be_moved_or_taken_back() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(Arb.From(Clicks.ListOf()), AgreesWithModel));

    [Fact]
    public void The_limit_of_an_address_refuses_new_voters_only()
    {
        var ballots = new Ballots(most: 1000, mostOfNetwork: 3);
        for (var voter = 1UL; voter <= 10_000; voter++)
        {
            var expected = voter <= 3 ? VoteOutcome.Counted : VoteOutcome.TooManyHere;
            Assert.Equal(expected, ballots.Cast(voter, network: 7, voter, 0, Start).Outcome);
        }

        Assert.Equal(3, ballots.Count);
        Assert.Equal(new VoteResult(VoteOutcome.Moved, 0, 1), ballots.Cast(2, network: 7, 20_000, 1, Start + TimeSpan.FromMinutes(20_000)));
        Assert.Equal(new VoteResult(VoteOutcome.TakenBack, From: 1), ballots.Cast(2, network: 7, 20_001, 1, Start + TimeSpan.FromMinutes(20_001)));

        // Taking back makes no room for another.
        Assert.Equal(VoteOutcome.TooManyHere, ballots.Cast(99, network: 7, 20_002, 1, Start + TimeSpan.FromMinutes(20_002)).Outcome);
        Assert.Equal(VoteOutcome.Counted, ballots.Cast(100, network: 8, 20_003, 1, Start + TimeSpan.FromMinutes(20_003)).Outcome);
    }

    [Fact]
    public void When_ballots_run_out_earlier_voters_can_still_change_their_vote()
    {
        var ballots = new Ballots(most: 2, mostOfNetwork: 1);
        Assert.Equal(VoteOutcome.Counted, ballots.Cast(1, Ballots.AnyNetwork, 1, 0, Start + TimeSpan.FromMinutes(1)).Outcome);
        Assert.Equal(VoteOutcome.Counted, ballots.Cast(2, Ballots.AnyNetwork, 2, 0, Start + TimeSpan.FromMinutes(2)).Outcome);
        Assert.Equal(VoteOutcome.Full, ballots.Cast(3, Ballots.AnyNetwork, 3, 0, Start + TimeSpan.FromMinutes(3)).Outcome);
        Assert.Equal(VoteOutcome.TakenBack, ballots.Cast(1, Ballots.AnyNetwork, 4, 0, Start + TimeSpan.FromMinutes(4)).Outcome);
        Assert.Equal(2, ballots.Count);
    }

    [Fact]
    public void A_double_click_counts_as_one_click()
    {
        var ballots = new Ballots(most: 2, mostOfNetwork: 1);
        Assert.Equal(VoteOutcome.Counted, ballots.Cast(1, 1, 1, 0, Start).Outcome);
        Assert.Equal(VoteOutcome.Repeated, ballots.Cast(1, 1, 2, 0, Start + TimeSpan.FromSeconds(0.9)).Outcome);
        Assert.Equal(VoteOutcome.Moved, ballots.Cast(1, 1, 3, 1, Start + TimeSpan.FromSeconds(0.95)).Outcome);
        Assert.Equal(VoteOutcome.TakenBack, ballots.Cast(1, 1, 4, 1, Start + TimeSpan.FromSeconds(2)).Outcome);

        // Taken back by the first half: the second does not count it again.
        Assert.Equal(VoteOutcome.Repeated, ballots.Cast(1, 1, 5, 1, Start + TimeSpan.FromSeconds(2.5)).Outcome);
        Assert.Null(ballots.Find(1));
        Assert.Equal(VoteOutcome.Counted, ballots.Cast(1, 1, 6, 1, Start + TimeSpan.FromSeconds(3)).Outcome);
        Assert.Equal(1, ballots.Find(1));
    }

    [Fact]
    public void When_answers_change_votes_for_remaining_answers_are_kept()
    {
        var ballots = new Ballots(most: 3, mostOfNetwork: 2);
        ballots.Cast(1, 1, 1, 0, Start);
        ballots.Cast(2, 1, 2, 2, Start);
        ballots.Align(["a", "b", "c"], ["c", "d"]);
        Assert.Equal((null, 0), (ballots.Find(1), ballots.Find(2)));
        Assert.Equal(VoteOutcome.Repeated, ballots.Cast(2, 1, 3, 0, Start).Outcome);
        Assert.Equal(new VoteResult(VoteOutcome.Counted, null, 0), ballots.Cast(1, 1, 4, 0, Start));
        Assert.Equal(new VoteResult(VoteOutcome.Moved, 0, 1), ballots.Cast(2, 1, 5, 1, Start));
        Assert.Equal(VoteOutcome.TooManyHere, ballots.Cast(3, 1, 6, 0, Start).Outcome);
    }

    private static bool AgreesWithModel(IList<Click> clicks)
    {
        var ballots = new Ballots(most: Voters, mostOfNetwork: Voters);
        var chosen = new Dictionary<ulong, int>();
        var votes = new long[Answers];
        var vote = 0UL;
        ulong? last = null;
        foreach (var click in clicks)
        {
            // A repeated vote has the name of the first one and is of the same visitor.
            var isRepeated = click.Again && last == click.Voter;
            var result = ballots.Cast(click.Voter, 1, isRepeated ? vote : ++vote, click.Answer, Start + TimeSpan.FromSeconds(vote));
            last = click.Voter;
            if (isRepeated)
            {
                Assert.Equal(new VoteResult(VoteOutcome.Repeated), result);
            }
            else if (chosen.TryGetValue(click.Voter, out var before) && before == click.Answer)
            {
                chosen.Remove(click.Voter);
            }
            else
            {
                chosen[click.Voter] = click.Answer;
            }

            if (result.From is { } from)
            {
                votes[from]--;
            }

            if (result.To is { } to)
            {
                votes[to]++;
            }

            Assert.Equal(Enumerable.Range(0, Answers).Select(a => (long)chosen.Values.Count(c => c == a)), votes);
            Assert.All(Enumerable.Range(1, Voters), v => Assert.Equal(chosen.TryGetValue((ulong)v, out var c) ? c : null, ballots.Find((ulong)v)));
        }

        return true;
    }

    private sealed record Click(ulong Voter, int Answer, bool Again);
}
