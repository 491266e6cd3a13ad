using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Counter.Gateway.Frames;
using Counter.Gateway.Network;
using Counter.Gateway.Operations;
using Counter.Gateway.Settings;
using Counter.Gateway.Visitors;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Streaming;

/// <summary>
/// Draws pictures that requests ask for and no cache has, one at a time. Clients can request any number of styles, and a drawing is the most
/// expensive part of a request. Pushes to open streams do not wait in this queue. They wait for at most one picture of a request.
/// </summary>
/// <remarks>
/// Each address has one picture in the common queue. Its other pictures wait behind that one, so addresses take turns, however many pictures one
/// of them requests.
/// </remarks>
internal sealed class DrawingQueue : IDisposable
{
    /// <summary>The most requests of one address that wait for their turn.</summary>
    private const int WaitingPerAddress = 16;

    /// <summary>The approximate time until the queue is empty.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    private readonly CounterMetrics metrics;
    private readonly Frame busy;
    private readonly PartitionedRateLimiter<IPAddress> budgets;
    private readonly PartitionedRateLimiter<IPAddress> turns;
    private readonly ConcurrencyLimiter drawing;

    public DrawingQueue(IOptions<LimitsOptions> options, FrameCache frames, CounterMetrics metrics)
    {
        this.metrics = metrics;
        var limits = options.Value;
        budgets = Admission.Partitioned(limits, address => RateLimitPartition.GetTokenBucketLimiter(
            address, _ => new()
            {
                TokenLimit = limits.NewPicturesPerMinute,
                TokensPerPeriod = limits.NewPicturesPerMinute,
                ReplenishmentPeriod = TimeSpan.FromMinutes(1),
            }));
        turns = Admission.Partitioned(limits, address => RateLimitPartition.GetConcurrencyLimiter(
            address, _ => new() { PermitLimit = 1, QueueLimit = WaitingPerAddress }));
        drawing = new ConcurrencyLimiter(new() { PermitLimit = 1, QueueLimit = limits.WaitingPictures });

        // Drawn now, because a busy queue has no time to draw it. A browser shows a picture by its bytes, whatever the extension of its address.
        busy = frames.Notice(ImageFormat.Png, Refusal.Busy.Sentence);
    }

    /// <summary>Draws when the turn of the request comes.</summary>
    /// <param name="context">The request. Nothing is drawn once it is aborted.</param>
    /// <param name="draw">Draws, and caches the result for the next request. Runs on any thread, never twice at once.</param>
    /// <returns>The result. Null when the request was refused with a response to retry later, or was aborted.</returns>
    public async Task<T?> DrawAsync<T>(HttpContext context, Func<T> draw)
        where T : class
    {
        var address = ClientAddress.Of(context);
        using var paid = budgets.AttemptAcquire(address);
        if (!paid.IsAcquired)
        {
            await RefuseAsync(context, "new_pictures", paid.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Soon);
            return null;
        }

        try
        {
            using var turn = await turns.AcquireAsync(address, 1, context.RequestAborted);
            using var place = turn.IsAcquired ? await drawing.AcquireAsync(1, context.RequestAborted) : null;
            if (place is { IsAcquired: true })
            {
                return draw();
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return null;
        }

        await RefuseAsync(context, "waiting_pictures", Soon);
        return null;
    }

    public void Dispose()
    {
        budgets.Dispose();
        turns.Dispose();
        drawing.Dispose();
    }

    private Task RefuseAsync(HttpContext context, string limit, TimeSpan after)
    {
        metrics.Refused(limit);
        context.Response.Headers.RetryAfter = Math.Ceiling(after.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (!Client.WantsImage(context.Request))
        {
            return Refusal.Busy.SendProblemAsync(context);
        }

        context.Response.StatusCode = Refusal.Busy.Status;
        return LiveImageHandler.SendStillAsync(context, busy);
    }
}
