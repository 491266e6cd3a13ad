namespace Counter.Gateway.Polls.Votes;

/// <summary>A visitor of a poll.</summary>
/// <param name="Poll">The id of the poll's document.</param>
/// <param name="Voter">The visitor, as a hash with a daily salt.</param>
internal sealed record VoteQuestion(string Poll, ulong Voter);
