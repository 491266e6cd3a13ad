namespace Counter.Gateway.Polls.Votes;

/// <summary>A visitor of a poll.</summary>
/// <param name="Poll">The document of the poll.</param>
/// <param name="Voter">The visitor, as a hash that means nothing tomorrow.</param>
internal sealed record VoteQuestion(string Poll, ulong Voter);
