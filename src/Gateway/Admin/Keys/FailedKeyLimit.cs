using System.Net;
using System.Threading.RateLimiting;
using Counter.Gateway.Network;

namespace Counter.Gateway.Admin.Keys;

/// <summary>
/// Limits how often an address may try wrong keys. Beyond the limit its keys are rejected unchecked, right or wrong. Loopback and private
/// addresses are limited too: an attacker may come through a proxy that is not configured.
/// </summary>
internal sealed class FailedKeyLimit : IDisposable
{
    /// <summary>The wrong keys allowed in a row.</summary>
    public const int Burst = 20;

    /// <summary>The wrong keys allowed per minute after that.</summary>
    public const int PerMinute = 10;

    private readonly PartitionedRateLimiter<IPAddress> limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
        RateLimitPartition.GetTokenBucketLimiter(address, _ => new()
        {
            TokenLimit = Burst,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1) / PerMinute,
        }));

    /// <summary>Whether the client has used up its attempts.</summary>
    public bool IsLockedOut(HttpContext context) =>
        limiter.GetStatistics(ClientAddress.Of(context)) is { CurrentAvailablePermits: 0 };

    /// <summary>Records a wrong key of the client.</summary>
    public void Record(HttpContext context)
    {
        using var lease = limiter.AttemptAcquire(ClientAddress.Of(context));
    }

    public void Dispose() => limiter.Dispose();
}
