using Counter.Gateway.Cluster;

namespace Counter.Gateway.Polls.Votes;

/// <summary>
/// What shows that a vote comes from a page that this service made for this visitor and this poll: pages of others cannot read it, and for
/// anybody else, any other poll or after a day it is worth nothing.
/// </summary>
internal sealed class VoteToken(ClusterSecret secret, TimeProvider clock)
{
    /// <summary>How long a page may stay open before its buttons no longer work.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly SignedTokens tokens = new(secret, "votes", Lifetime, clock);

    /// <summary>Makes one.</summary>
    public string Issue(string poll, Voter voter) => tokens.Issue(Text(poll, voter.Today));

    /// <summary>Whether it was made for this visitor, today or yesterday, and this poll.</summary>
    public bool IsValid(string? token, string poll, Voter voter) => tokens.IsValid(token, Text(poll, voter.Today), Text(poll, voter.Yesterday));

    private static string Text(string poll, ulong voter) => $"{voter:x16}\n{poll}";
}
