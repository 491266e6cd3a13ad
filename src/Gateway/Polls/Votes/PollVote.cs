using Counter.Counting.Polls;

namespace Counter.Gateway.Polls.Votes;

/// <summary>A vote on its way to the gateway that keeps the poll.</summary>
/// <param name="Poll">The document of the poll.</param>
/// <param name="Answer">The answer, as it is written.</param>
/// <param name="Voter">The visitor, as a hash that means nothing tomorrow.</param>
/// <param name="Network">The visitor's address, as such a hash; 0 where addresses are not limited.</param>
/// <param name="Name">Names this vote, so that telling it twice is no second one.</param>
/// <param name="IfNew">The poll that this vote begins when nobody has voted in it; null for one that was defined.</param>
internal sealed record PollVote(string Poll, string Answer, ulong Voter, ulong Network, ulong Name, Poll? IfNew);

/// <summary>What came of a vote, or why nothing did.</summary>
internal enum VoteEnd
{
    /// <summary>It was taken: <see cref="VoteOutcome"/> says as what, but nobody needs to know.</summary>
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
}

/// <summary>What the keeper of a poll says.</summary>
/// <param name="End">What came of it.</param>
internal sealed record VoteAnswer(VoteEnd End);

/// <summary>What a visitor has chosen, asked of the keeper of a poll.</summary>
/// <param name="Poll">The document of the poll.</param>
/// <param name="Voter">The visitor, as a hash that means nothing tomorrow.</param>
internal sealed record VoteQuestion(string Poll, ulong Voter);

/// <summary>What the keeper of a poll says of a visitor.</summary>
/// <param name="Voted">Whether the visitor has voted today.</param>
internal sealed record VoteReminder(bool Voted);
