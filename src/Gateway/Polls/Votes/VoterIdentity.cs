using System.Net;
using System.Threading.RateLimiting;
using Counter.Counting.Polls;
using Counter.Gateway.Network;
using Counter.Gateway.Settings;
using Counter.Gateway.Visitors;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Polls.Votes;

/// <summary>Who votes, as hashes that mean nothing tomorrow and are kept in memory only.</summary>
/// <param name="Today">The visitor.</param>
/// <param name="Yesterday">The same visitor before midnight (UTC).</param>
/// <param name="Network">The address; 0 where addresses are not limited.</param>
internal readonly record struct Voter(ulong Today, ulong Yesterday, ulong Network);

/// <summary>Tells voters apart, and limits how often an address votes.</summary>
/// <remarks>
/// By the site's cookie, else by address and agent, for IPv6 by its /64. A connection, which tells visitors apart better, will not do: a new
/// one costs nothing. What is random for a browser, as the cookie is, can be made up; so votes of one address are limited as well.
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

    /// <summary>Whether voters that come like this one can be told apart: behind a proxy that nobody vouches for all have its address.</summary>
    public bool CanTellApart(HttpContext context, string site) =>
        !VisitorIdentity.CameThroughUnknownProxy(context.Request) || identity.CookieOf(context.Request, site) is not null;

    /// <summary>Who asks, as a voter of a site.</summary>
    /// <param name="context">The request.</param>
    /// <param name="site">The site.</param>
    /// <param name="withCookie">False for who it was before the site's cookie was given: a page may have been opened together with the picture that gave it.</param>
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

    /// <summary>What a proxy forwards comes from anybody, whatever address the proxy has.</summary>
    private bool IsExempt(HttpContext context) =>
        exempt && NetworkAddress.IsPrivate(ClientAddress.Of(context)) && !VisitorIdentity.CameThroughUnknownProxy(context.Request);
}
