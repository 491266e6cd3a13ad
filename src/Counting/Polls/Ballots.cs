using System.Runtime.InteropServices;

namespace Counter.Counting.Polls;

/// <summary>The outcome of a vote.</summary>
public enum VoteOutcome
{
    /// <summary>It counts.</summary>
    Counted,

    /// <summary>It is moved from another answer, which now has one vote less.</summary>
    Moved,

    /// <summary>It takes back the visitor's vote for the same answer.</summary>
    TakenBack,

    /// <summary>The same vote was sent before, or it is the second half of a double click. Nothing changes.</summary>
    Repeated,

    /// <summary>Not counted: the limit of visitors who vote from this address is reached for today.</summary>
    TooManyHere,

    /// <summary>Not counted: the limit of visitors that can be distinguished is reached for today.</summary>
    Full,
}

/// <summary>The effect of a vote.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="From">The answer that loses a vote; null for none.</param>
/// <param name="To">The answer that gains a vote; null for none.</param>
public readonly record struct VoteResult(VoteOutcome Outcome, int? From = null, int? To = null);

/// <summary>
/// The ballots of one poll on one day, one for each visitor. They are in memory only, until the day ends. Not safe for concurrent use.
/// </summary>
/// <param name="most">The most visitors that can be distinguished.</param>
/// <param name="mostOfNetwork">The most visitors that may vote from one address.</param>
public sealed class Ballots(int most, int mostOfNetwork)
{
    /// <summary>The address of visitors that no address limits.</summary>
    public const ulong AnyNetwork = 0;

    /// <summary>
    /// A second click on the same answer within this time counts as one click, whether the first chose the answer or took it back. Browsers
    /// send one or both clicks of a double click, by chance.
    /// </summary>
    public static readonly TimeSpan DoubleClick = TimeSpan.FromSeconds(1);

    private const int Nothing = -1;

    private readonly Dictionary<ulong, Ballot> ballots = [];
    private readonly Dictionary<ulong, int> networks = [];

    /// <summary>The number of visitors who voted, including those who took their vote back.</summary>
    public int Count => ballots.Count;

    /// <summary>Whether a visitor has voted, even if the vote was taken back.</summary>
    public bool Contains(ulong voter) => ballots.ContainsKey(voter);

    /// <summary>The choice of a visitor; null for none.</summary>
    public int? Find(ulong voter) => ballots.TryGetValue(voter, out var ballot) && ballot.Answer != Nothing ? ballot.Answer : null;

    /// <summary>Casts a vote. The same answer again takes the vote back, another answer moves it.</summary>
    /// <param name="voter">The visitor, as a hash that changes every day.</param>
    /// <param name="network">The address, as such a hash; <see cref="AnyNetwork"/> if addresses are not limited.</param>
    /// <param name="vote">Identifies this vote, so that it counts once if it is sent twice; not 0.</param>
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

    /// <summary>Removes the last vote of a visitor, as if it had not been cast.</summary>
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

    /// <summary>Continues with other answers. Votes for answers that stay are kept; votes for removed answers are dropped.</summary>
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
