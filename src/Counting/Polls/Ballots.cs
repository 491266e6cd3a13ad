using System.Runtime.InteropServices;

namespace Counter.Counting.Polls;

/// <summary>What came of a vote.</summary>
public enum VoteOutcome
{
    /// <summary>It counts.</summary>
    Counted,

    /// <summary>The visitor had chosen another answer, which has one vote less now.</summary>
    Moved,

    /// <summary>The visitor had chosen the same answer, and has not chosen any now.</summary>
    TakenBack,

    /// <summary>This very vote was told before, or was the second half of a double click; nothing changes.</summary>
    Repeated,

    /// <summary>From this address as many voted today as may.</summary>
    TooManyHere,

    /// <summary>So many voted today that no more can be told apart.</summary>
    Full,
}

/// <summary>What a vote changes.</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="From">The answer that has one vote less; null for none.</param>
/// <param name="To">The answer that has one vote more; null for none.</param>
public readonly record struct VoteResult(VoteOutcome Outcome, int? From = null, int? To = null);

/// <summary>Who chose what in one poll on one day: one vote a visitor. In memory only, and forgotten when the day ends. Not safe for concurrent use.</summary>
/// <param name="most">How many visitors can be told apart.</param>
/// <param name="mostOfNetwork">How many visitors may vote from one address.</param>
public sealed class Ballots(int most, int mostOfNetwork)
{
    /// <summary>The address of whoever is not limited by one.</summary>
    public const ulong AnyNetwork = 0;

    /// <summary>
    /// A second click on the same answer within this time is one click, whether the first chose it or took it back: of a double click browsers
    /// send one or both, by chance.
    /// </summary>
    public static readonly TimeSpan DoubleClick = TimeSpan.FromSeconds(1);

    private const int Nothing = -1;

    private readonly Dictionary<ulong, Ballot> ballots = [];
    private readonly Dictionary<ulong, int> networks = [];

    /// <summary>How many visitors voted, those who took it back included.</summary>
    public int Count => ballots.Count;

    /// <summary>Whether a visitor has voted, even if it was taken back.</summary>
    public bool Knows(ulong voter) => ballots.ContainsKey(voter);

    /// <summary>What a visitor has chosen; null for nothing.</summary>
    public int? Find(ulong voter) => ballots.TryGetValue(voter, out var ballot) && ballot.Answer != Nothing ? ballot.Answer : null;

    /// <summary>A visitor chooses an answer: the same once more takes it back, another one moves the vote there.</summary>
    /// <param name="voter">The visitor, as a hash that means nothing tomorrow.</param>
    /// <param name="network">The address, as such a hash; <see cref="AnyNetwork"/> where addresses are not limited.</param>
    /// <param name="vote">Names this vote, so that telling it twice is no second one; not 0.</param>
    /// <param name="answer">The answer, 0 or more.</param>
    /// <param name="now">The time.</param>
    public VoteResult Cast(ulong voter, ulong network, ulong vote, int answer, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(answer);
        ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(ballots, voter);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref known))
        {
            return First(voter, network, new Ballot(vote, answer, answer, now, IsFirst: true));
        }

        if (known.Vote == vote || (known.Pressed == answer && now - known.At < DoubleClick))
        {
            return new VoteResult(VoteOutcome.Repeated);
        }

        var isSame = known.Answer == answer;
        int? before = known.Answer == Nothing ? null : known.Answer;
        known = new Ballot(vote, isSame ? Nothing : answer, answer, now, IsFirst: false);
        return isSame ? new VoteResult(VoteOutcome.TakenBack, From: answer)
            : new VoteResult(before is null ? VoteOutcome.Counted : VoteOutcome.Moved, before, answer);
    }

    /// <summary>Takes the last vote of a visitor out again, as if it had not been cast.</summary>
    public void Undo(ulong voter, ulong network, VoteResult result)
    {
        if (!ballots.TryGetValue(voter, out var ballot))
        {
            return;
        }

        if (ballot.IsFirst)
        {
            ballots.Remove(voter);
            if (network != AnyNetwork)
            {
                networks[network]--;
            }
        }
        else
        {
            ballots[voter] = ballot with { Vote = 0, Answer = result.From ?? Nothing, Pressed = Nothing };
        }
    }

    /// <summary>Goes on with other answers: whoever chose one that stays has chosen it still, and whoever chose one that is gone has chosen nothing.</summary>
    public void Align(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var texts = after.ToList();
        int[] places = [.. before.Select(answer => texts.IndexOf(answer) is >= 0 and var place ? place : Nothing)];
        foreach (var voter in ballots.Keys)
        {
            ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(ballots, voter);
            known = known with { Answer = Place(known.Answer), Pressed = Place(known.Pressed) };
        }

        int Place(int answer) => answer == Nothing ? Nothing : places[answer];
    }

    private VoteResult First(ulong voter, ulong network, Ballot ballot)
    {
        if (ballots.Count >= most)
        {
            return new VoteResult(VoteOutcome.Full);
        }

        if (network != AnyNetwork)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(networks, network, out _);
            if (count >= mostOfNetwork)
            {
                return new VoteResult(VoteOutcome.TooManyHere);
            }

            count++;
        }

        ballots.Add(voter, ballot);
        return new VoteResult(VoteOutcome.Counted, To: ballot.Answer);
    }

    private readonly record struct Ballot(ulong Vote, int Answer, int Pressed, DateTimeOffset At, bool IsFirst);
}
