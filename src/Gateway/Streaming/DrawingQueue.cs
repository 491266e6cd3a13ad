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
/// Draws what requests ask for and no cache has, one after the other: strangers make up any number of looks, and drawing is the most
/// that one request can cost. What is pushed to open streams does not wait here, and waits for at most one picture of a request.
/// </summary>
/// <remarks>
/// Each address has one picture in the common queue, and its others wait behind that: so addresses take turns, however many
/// pictures one of them asks for.
/// </remarks>
internal sealed class DrawingQueue : IDisposable
{
    /// <summary>Requests of one address that wait for its turn.</summary>
    private const int WaitingPerAddress = 16;

    /// <summary>The queue is empty after about so long.</summary>
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

        // Kept here, since it is needed when there is no time to draw anything. A picture is shown as what it is, whatever its address ends with.
        busy = frames.Notice(ImageFormat.Png, Refusal.Busy.Sentence);
    }

    /// <summary>Draws when its turn has come.</summary>
    /// <param name="context">Who asks. Once they are gone nothing is drawn for them.</param>
    /// <param name="draw">Draws, and keeps the result where the next request finds it. Runs on any thread, never twice at once.</param>
    /// <returns>What was drawn; null when the answer was sent, which says to try again later, or nobody waits for one any more.</returns>
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
