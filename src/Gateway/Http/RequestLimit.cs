using System.Globalization;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Counter.Gateway.Documents;
using Counter.Gateway.Network;
using Counter.Gateway.Operations;

namespace Counter.Gateway.Http;

/// <summary>Bounds how often a key may ask, and an address that shows none, of endpoints that are marked with <see cref="Limited"/>.</summary>
/// <remarks>The framework's own middleware never lets go of its limiters, and with them of everything else.</remarks>
internal sealed class RequestLimit(CounterMetrics metrics) : IDisposable
{
    // Enough for any page or script of a site; too little to keep the silo or the audit log busy. Operators have ten times as many.
    private const int RequestsAtOnce = 200;
    private const int RequestsPerSecond = 20;
    private const int OperatorShare = 10;

    // Each change is kept in the audit log for two years.
    private const int ChangesAtOnce = 60;

    private readonly PartitionedRateLimiter<HttpContext> limiter = PartitionedRateLimiter.Create<HttpContext, (string, bool)>(Partition);

    /// <summary>Refuses what comes too often.</summary>
    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Limited>() is null)
        {
            await next(context);
            return;
        }

        using var lease = limiter.AttemptAcquire(context);
        if (lease.IsAcquired)
        {
            await next(context);
            return;
        }

        metrics.RequestRefused("requests");
        context.Response.Headers.RetryAfter = "1";
        await Results.Problem(
            string.Create(CultureInfo.InvariantCulture, $"Too many requests came with this key, or from this address without one; a site's key may ask {RequestsPerSecond} times a second and change something once. Wait a second."),
            statusCode: StatusCodes.Status429TooManyRequests).ExecuteAsync(context);
    }

    public void Dispose() => limiter.Dispose();

    // Who needs no key is known by address.
    private static RateLimitPartition<(string Key, bool IsChange)> Partition(HttpContext context)
    {
        var share = context.User.IsInRole(nameof(KeyRole.Operator)) ? OperatorShare : 1;
        var isChange = share == 1 && !HttpMethods.IsGet(context.Request.Method);
        return RateLimitPartition.GetTokenBucketLimiter(
            (context.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? ClientAddress.Of(context).ToString(), isChange),
            _ => new()
            {
                TokenLimit = isChange ? ChangesAtOnce : RequestsAtOnce * share,
                TokensPerPeriod = isChange ? 1 : RequestsPerSecond * share,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            });
    }

    /// <summary>Marks endpoints.</summary>
    internal sealed class Limited;
}
