namespace Counter.Counting.Polls;

/// <summary>Votes in a poll were stored.</summary>
/// <param name="Poll">The id of the poll's document.</param>
/// <param name="Voters">The visitors who may see the results now, if results are shown after voting.</param>
[GenerateSerializer, Immutable, Alias("counter.PollChange")]
public sealed record PollChange(string Poll, IReadOnlyList<ulong> Voters);
