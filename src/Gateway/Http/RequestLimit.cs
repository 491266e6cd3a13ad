using System.Globalization;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Counter.Gateway.Documents;
using Counter.Gateway.Network;
using Counter.Gateway.Operations;

namespace Counter.Gateway.Http;

/// <summary>Limits the requests per key, or per address without a key, to endpoints that are marked with <see cref="Limited"/>.</summary>
/// <remarks>The framework's own middleware never releases its limiters, nor the objects that they reference.</remarks>
internal sealed class RequestLimit(CounterMetrics metrics) : IDisposable
{
    // Enough for any page or script of a site, and too little to keep the silo or the audit log busy. Operators have ten times as many.
    private const int RequestsAtOnce = 200;
    private const int RequestsPerSecond = 20;
    private const int OperatorShare = 10;

    // The audit log keeps each change for two years.
    private const int ChangesAtOnce = 60;

    private readonly PartitionedRateLimiter<HttpContext> limiter = PartitionedRateLimiter.Create<HttpContext, (string, bool)>(Partition);

    /// <summary>Refuses requests over the limit.</summary>
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
            string.Create(
                CultureInfo.InvariantCulture,
                $"Too many requests with this key, or from this address without one. "
                + $"A site's key may send {RequestsPerSecond} requests and one change a second. Wait a second."),
            statusCode: StatusCodes.Status429TooManyRequests).ExecuteAsync(context);
    }

    public void Dispose() => limiter.Dispose();

    // Requests without a key are partitioned by address.
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

    /// <summary>Marks limited endpoints.</summary>
    internal sealed class Limited;
}
