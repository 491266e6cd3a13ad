using System.Net;
using System.Threading.RateLimiting;
using Counter.Counting.Polls;
using Counter.Gateway.Network;
using Counter.Gateway.Settings;
using Counter.Gateway.Visitors;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Polls.Votes;

/// <summary>A voter, as hashes with a daily salt that are in memory only.</summary>
/// <param name="Today">The visitor.</param>
/// <param name="Yesterday">The same visitor before midnight (UTC).</param>
/// <param name="Network">The network address; 0 where addresses are not limited.</param>
internal readonly record struct Voter(ulong Today, ulong Yesterday, ulong Network);

/// <summary>Identifies voters, and limits how often an address votes.</summary>
/// <remarks>
/// The site's cookie identifies a voter, else the address and agent; for IPv6 the /64. A connection identifies visitors better, but a new
/// one costs nothing, so it does not identify voters. A random value such as the cookie can be forged, so the votes of an address are limited too.
/// </remarks>
internal sealed class VoterIdentity : IDisposable
{
    private readonly VisitorIdentity identity;
    private readonly DailySalt salt;
    private readonly bool exempt;
    private readonly PartitionedRateLimiter<HttpContext> votes;
    private readonly PartitionedRateLimiter<HttpContext> polls;

    public VoterIdentity(VisitorIdentity identity, DailySalt salt, IOptions<LimitsOptions> limits)
    {
        (this.identity, this.salt, exempt) = (identity, salt, limits.Value.ExemptPrivateAddresses);
        votes = Limited(limits.Value.VotesPerMinute, TimeSpan.FromMinutes(1));
        polls = Limited(limits.Value.NewPollsPerHour, TimeSpan.FromHours(1));
    }

    /// <summary>Whether voters like this one can be told apart. Behind an untrusted proxy all have the proxy's address.</summary>
    public bool CanIdentify(HttpContext context, string site) =>
        !VisitorIdentity.CameThroughUnknownProxy(context.Request) || identity.CookieOf(context.Request, site) is not null;

    /// <summary>Identifies the sender of a request as a voter of a site.</summary>
    /// <param name="context">The request.</param>
    /// <param name="site">The site.</param>
    /// <param name="withCookie">False for the voter before the site's cookie was set: a page may open together with the picture that sets it.</param>
    public Voter Describe(HttpContext context, string site, bool withCookie = true)
    {
        var address = ClientAddress.Of(context);
        var (today, yesterday) = salt.Hash(withCookie && identity.CookieOf(context.Request, site) is { } cookie
            ? $"{site}\nvoter\ncookie\n{cookie}"
            : $"{site}\nvoter\n{address}\n{context.Request.Headers.UserAgent}");
        return new Voter(today, yesterday, IsExempt(context) ? Ballots.AnyNetwork : salt.Hash($"{site}\nnetwork\n{address}").Today | 1);
    }

    /// <summary>Whether an address may vote once more.</summary>
    public bool TryVote(HttpContext context) => TryTake(votes, context);

    /// <summary>Whether an address may begin one more poll.</summary>
    public bool TryBegin(HttpContext context) => TryTake(polls, context);

    public void Dispose()
    {
        votes.Dispose();
        polls.Dispose();
    }

    private static bool TryTake(PartitionedRateLimiter<HttpContext> limiter, HttpContext context)
    {
        using var lease = limiter.AttemptAcquire(context);
        return lease.IsAcquired;
    }

    private PartitionedRateLimiter<HttpContext> Limited(int most, TimeSpan period) => PartitionedRateLimiter.Create<HttpContext, IPAddress>(context =>
        IsExempt(context)
            ? RateLimitPartition.GetNoLimiter(IPAddress.None)
            : RateLimitPartition.GetTokenBucketLimiter(
                ClientAddress.Of(context), _ => new() { TokenLimit = most, TokensPerPeriod = most, ReplenishmentPeriod = period }));

    /// <summary>Whether the address has no limits. A proxy forwards requests of anybody, even if its own address is private.</summary>
    private bool IsExempt(HttpContext context) =>
        exempt && NetworkAddress.IsPrivate(ClientAddress.Of(context)) && !VisitorIdentity.CameThroughUnknownProxy(context.Request);
}
