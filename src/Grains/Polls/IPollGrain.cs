using Counter.Counting.Polls;

namespace Counter.Grains.Polls;

/// <summary>One poll, keyed by the id of its document.</summary>
[Alias("counter.IPollGrain")]
internal interface IPollGrain : IGrainWithStringKey
{
    /// <summary>Applies a vote and stores it. Votes that arrive during a write are stored together with the next one.</summary>
    /// <returns>The outcome, after it is stored.</returns>
    [AlwaysInterleave]
    [Alias("Vote")]
    Task<VoteReply> VoteAsync(PollVote vote, BallotLimits limits);

    /// <summary>Whether a visitor has voted today.</summary>
    [AlwaysInterleave]
    [Alias("HasVoted")]
    Task<bool> HasVotedAsync(ulong voter);

    /// <summary>The choice of a visitor today; null when there is none.</summary>
    [AlwaysInterleave]
    [Alias("FindVote")]
    Task<VoteChoice?> FindVoteAsync(ulong voter);
}
