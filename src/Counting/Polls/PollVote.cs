using Counter.Counting.Documents;

namespace Counter.Counting.Polls;

/// <summary>A vote on its way to the poll.</summary>
/// <param name="Answer">The answer, as it is written.</param>
/// <param name="Voter">The visitor, as a hash that means nothing tomorrow.</param>
/// <param name="Network">The visitor's address, as such a hash; <see cref="Ballots.AnyNetwork"/> where addresses are not limited.</param>
/// <param name="Name">Names this vote, so that sending it twice is no second one; not 0.</param>
/// <param name="IfNew">The poll that this vote begins when nobody has voted in it; null for one that was defined.</param>
/// <param name="Reveals">What the visitor may be known by where results are shown after voting; null where they always are.</param>
[GenerateSerializer, Immutable, Alias("counter.PollVote")]
public sealed record PollVote(string Answer, ulong Voter, ulong Network, ulong Name, NewPoll? IfNew, IReadOnlyList<ulong>? Reveals = null);

/// <summary>A poll that nobody defined, as an address asks it.</summary>
/// <param name="Page">The page of the site, as path and query.</param>
/// <param name="Name">The name of the poll on that page.</param>
/// <param name="Asked">What is asked.</param>
[GenerateSerializer, Immutable, Alias("counter.NewPoll")]
public sealed record NewPoll(string Page, string Name, PollDefinition Asked);

/// <summary>How many visitors can be told apart.</summary>
/// <param name="Ballots">In all polls of a silo; a tenth of it in one poll.</param>
/// <param name="PerAddress">With one address in one poll.</param>
[GenerateSerializer, Immutable, Alias("counter.BallotLimits")]
public readonly record struct BallotLimits(int Ballots, int PerAddress);

/// <summary>What came of a vote, or why nothing did.</summary>
public enum VoteEnd
{
    /// <summary>It was taken and is stored: <see cref="VoteOutcome"/> has as what, but nobody needs to know.</summary>
    Taken,

    /// <summary>From this address as many voted today as may.</summary>
    TooManyHere,

    /// <summary>No more visitors can be told apart today.</summary>
    Full,

    /// <summary>There is no room for another poll, on this site or at all.</summary>
    NoRoom,

    /// <summary>The poll is closed.</summary>
    Closed,

    /// <summary>There is no such poll, or it has no such answer; it may have been changed since the page was opened.</summary>
    Unknown,

    /// <summary>It could not be stored, and does not count.</summary>
    NotStored,
}

/// <summary>The answer to a vote.</summary>
/// <param name="End">What came of it.</param>
/// <param name="Poll">The poll's document with the vote; null when nothing was stored.</param>
[GenerateSerializer, Immutable, Alias("counter.VoteAnswer")]
public sealed record VoteReply(VoteEnd End, Document? Poll);

/// <summary>What a visitor has chosen. For that visitor only: in no log, on no disk and in no answer of the API.</summary>
/// <param name="Answer">The answer, as it is written.</param>
/// <param name="Beginning">Names what was voted in: after a reset it is another.</param>
[GenerateSerializer, Immutable, Alias("counter.VoteChoice")]
public sealed record VoteChoice(string Answer, string Beginning)
{
    /// <summary>Says nothing of the choice, wherever it is written.</summary>
    public override string ToString() => nameof(VoteChoice);
}
