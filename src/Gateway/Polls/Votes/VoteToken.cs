using Counter.Gateway.Cluster;

namespace Counter.Gateway.Polls.Votes;

/// <summary>
/// Proves that a vote comes from a page that this service made for this visitor and this poll. Pages of other sites cannot read the token.
/// It is invalid for other visitors, for other polls and after a day.
/// </summary>
internal sealed class VoteToken(ClusterSecret secret, TimeProvider clock)
{
    /// <summary>How long a page may stay open before its buttons no longer work.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly SignedTokens tokens = new(secret, "votes", Lifetime, clock);

    /// <summary>Makes a token.</summary>
    public string Issue(string poll, Voter voter) => tokens.Issue(Text(poll, voter.Today));

    /// <summary>Whether a token was made for this poll and this visitor, today or yesterday.</summary>
    public bool IsValid(string? token, string poll, Voter voter) => tokens.IsValid(token, Text(poll, voter.Today), Text(poll, voter.Yesterday));

    private static string Text(string poll, ulong voter) => $"{voter:x16}\n{poll}";
}
