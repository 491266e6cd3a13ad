using Counter.Counting.Documents;

namespace Counter.Counting.Polls;

/// <summary>A vote that is sent to a poll.</summary>
/// <param name="Answer">The text of the answer.</param>
/// <param name="Voter">The visitor, as a hash that changes every day.</param>
/// <param name="Network">The visitor's address, as such a hash; <see cref="Ballots.AnyNetwork"/> if addresses are not limited.</param>
/// <param name="Name">Identifies this vote, so that it counts once if it is sent twice; not 0.</param>
/// <param name="IfNew">The poll that the first vote creates; null for a poll that was defined with a key.</param>
/// <param name="Reveals">The possible identities of the visitor, if results are shown after voting; null if they are always shown.</param>
[GenerateSerializer, Immutable, Alias("counter.PollVote")]
public sealed record PollVote(string Answer, ulong Voter, ulong Network, ulong Name, NewPoll? IfNew, IReadOnlyList<ulong>? Reveals = null);

/// <summary>A poll that nobody defined, as an address describes it.</summary>
/// <param name="Page">The page of the site, as path and query.</param>
/// <param name="Name">The name of the poll on that page.</param>
/// <param name="Asked">The definition.</param>
[GenerateSerializer, Immutable, Alias("counter.NewPoll")]
public sealed record NewPoll(string Page, string Name, PollDefinition Asked);

/// <summary>The most visitors that can be distinguished.</summary>
/// <param name="Ballots">In all polls of a silo; a tenth of it in one poll.</param>
/// <param name="PerAddress">From one address in one poll.</param>
[GenerateSerializer, Immutable, Alias("counter.BallotLimits")]
public readonly record struct BallotLimits(int Ballots, int PerAddress);

/// <summary>The result of a vote.</summary>
public enum VoteEnd
{
    /// <summary>It is stored. The <see cref="VoteOutcome"/> is not part of the result, because no caller needs it.</summary>
    Taken,

    /// <summary>The limit of visitors who vote from this address is reached for today.</summary>
    TooManyHere,

    /// <summary>The limit of visitors that can be distinguished is reached for today.</summary>
    Full,

    /// <summary>The limit of polls is reached, for this site or for the installation.</summary>
    NoRoom,

    /// <summary>The poll is closed.</summary>
    Closed,

    /// <summary>There is no such poll or answer. The poll may have changed since the page was opened.</summary>
    Unknown,

    /// <summary>It could not be stored and does not count.</summary>
    NotStored,
}

/// <summary>The answer to a vote.</summary>
/// <param name="End">The result.</param>
/// <param name="Poll">The poll's document with the vote; null if nothing was stored.</param>
[GenerateSerializer, Immutable, Alias("counter.VoteAnswer")]
public sealed record VoteReply(VoteEnd End, Document? Poll);

/// <summary>The choice of a visitor. It is for that visitor only: in no log, on no disk and in no response of the API.</summary>
/// <param name="Answer">The text of the answer.</param>
/// <param name="Beginning">The <see cref="Poll.Beginning"/> of the poll, which changes with a reset.</param>
[GenerateSerializer, Immutable, Alias("counter.VoteChoice")]
public sealed record VoteChoice(string Answer, string Beginning)
{
    /// <summary>Does not contain the choice, so that no log has it: Orleans describes a response by its result.</summary>
    public override string ToString() => nameof(VoteChoice);
}
