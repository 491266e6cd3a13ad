using Counter.Counting.Polls;

namespace Counter.Grains.Polls;

/// <summary>One poll; the key is the id of its document.</summary>
[Alias("counter.IPollGrain")]
internal interface IPollGrain : IGrainWithStringKey
{
    /// <summary>Takes a vote.</summary>
    /// <returns>What came of it, once that is stored. Votes that come while others are stored are stored together.</returns>
    [AlwaysInterleave]
    [Alias("Vote")]
    Task<VoteReply> VoteAsync(PollVote vote, BallotLimits limits);

    /// <summary>Whether a visitor has voted today.</summary>
    [AlwaysInterleave]
    [Alias("HasVoted")]
    Task<bool> HasVotedAsync(ulong voter);

    /// <summary>What a visitor has chosen today; null for nothing.</summary>
    [AlwaysInterleave]
    [Alias("FindVote")]
    Task<VoteChoice?> FindVoteAsync(ulong voter);
}
