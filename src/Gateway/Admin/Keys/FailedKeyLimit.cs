using System.Net;
using System.Threading.RateLimiting;
using Counter.Gateway.Network;

namespace Counter.Gateway.Admin.Keys;

/// <summary>
/// Bounds how often an address may try keys that are wrong. Beyond that its keys are not looked at, right or wrong. Loopback and
/// private addresses are no exception: an attacker may come through a proxy that nobody told us of.
/// </summary>
internal sealed class FailedKeyLimit : IDisposable
{
    /// <summary>How many in a row.</summary>
    public const int Burst = 20;

    /// <summary>How many a minute after that.</summary>
    public const int PerMinute = 10;

    private readonly PartitionedRateLimiter<IPAddress> limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
        RateLimitPartition.GetTokenBucketLimiter(address, _ => new()
        {
            TokenLimit = Burst,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1) / PerMinute,
        }));

    /// <summary>Whether the client has used up its tries.</summary>
    public bool IsLockedOut(HttpContext context) =>
        limiter.GetStatistics(ClientAddress.Of(context)) is { CurrentAvailablePermits: 0 };

    /// <summary>The client had a wrong key.</summary>
    public void Note(HttpContext context)
    {
        using var lease = limiter.AttemptAcquire(ClientAddress.Of(context));
    }

    public void Dispose() => limiter.Dispose();
}
