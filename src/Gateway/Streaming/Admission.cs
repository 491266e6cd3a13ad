using System.Net;
using System.Threading.RateLimiting;
using Counter.Counting.Pages;
using Counter.Gateway.Cluster;
using Counter.Gateway.Network;
using Counter.Gateway.Operations;
using Counter.Gateway.Settings;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Streaming;

/// <summary>Decides whether a request may become a stream. A refused request gets a still picture, not an error.</summary>
internal sealed class Admission : IDisposable
{
    private const string NewPages = "new_pages";

    private readonly Feeds feeds;
    private readonly PresenceClient presence;
    private readonly CounterMetrics metrics;
    private readonly int perPage;
    private readonly ConcurrencyLimiter all;
    private readonly PartitionedRateLimiter<IPAddress> perAddress;
    private readonly PartitionedRateLimiter<IPAddress> newPages;
    private volatile bool closed;

    public Admission(IOptions<LimitsOptions> options, Feeds feeds, PresenceClient presence, CounterMetrics metrics)
    {
        (this.feeds, this.presence) = (feeds, presence);
        this.metrics = metrics;
        var limits = options.Value;
        perPage = limits.StreamsPerPage;
        all = new ConcurrencyLimiter(new() { PermitLimit = limits.Streams });
        perAddress = Partitioned(limits, address => RateLimitPartition.GetConcurrencyLimiter(
            address, _ => new() { PermitLimit = limits.StreamsPerAddress }));
        newPages = Partitioned(limits, address => RateLimitPartition.GetTokenBucketLimiter(
            address, _ => new()
            {
                TokenLimit = limits.NewPagesPerMinute,
                TokensPerPeriod = limits.NewPagesPerMinute,
                ReplenishmentPeriod = TimeSpan.FromMinutes(1),
            }));
    }

    /// <summary>Whether another stream fits.</summary>
    public bool HasRoom => !closed && all.GetStatistics()!.CurrentAvailablePermits > 0;

    /// <summary>
    /// The seconds after which a refused client may retry. Short when the gateway is stopping, because another gateway takes its place.
    /// </summary>
    public int RetryAfter => closed ? 2 : 60;

    /// <summary>Whether the gateway is stopping.</summary>
    public bool IsClosed => closed;

    /// <summary>Refuses every further stream, because the gateway is stopping.</summary>
    public void Close() => closed = true;

    /// <summary>Admits a stream of a number until the result is disposed. Null when a limit is reached.</summary>
    public IDisposable? TryEnter(HttpContext context, OnlineRequest request) => TryEnter(context, request, out _);

    /// <summary>Admits a stream of a number until the result is disposed. Null when a limit is reached.</summary>
    /// <param name="context">The request.</param>
    /// <param name="request">The page.</param>
    /// <param name="refusal">The refusal to send when the result is null.</param>
    public IDisposable? TryEnter(HttpContext context, OnlineRequest request, out Refusal refusal) =>
        TryEnter(context, request, [request.Shows], out refusal);

    /// <summary>Admits one stream of several numbers until the result is disposed. Null when a limit is reached, for any of them.</summary>
    public IDisposable? TryEnter(HttpContext context, OnlineRequest request, IReadOnlyList<CountKey> shows, out Refusal refusal) =>
        TryEnter(
            context, request, shows.Max(key => feeds.Find(key)?.Streams ?? 0),
            shows.Count == 1 ? [] : shows.Where(key => feeds.Find(key) is null).Select(key => new PageKey(key.Site, key.Path)), out refusal);

    /// <summary>
    /// Admits a stream of a page that shows something other than a number, until the result is disposed. Null when a limit is reached.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="request">The page.</param>
    /// <param name="alike">The number of open streams that show the same thing.</param>
    public IDisposable? TryEnter(HttpContext context, OnlineRequest request, int alike) => TryEnter(context, request, alike, [], out _);

    /// <summary>Admits a stream until the result is disposed. Null when a limit is reached.</summary>
    /// <param name="context">The request.</param>
    /// <param name="alike">The number of open streams that show the same thing.</param>
    public IDisposable? TryEnter(HttpContext context, int alike) => TryEnter(context, alike, perPage, maySee: null, out _);

    private Place? TryEnter(HttpContext context, OnlineRequest request, int alike, IEnumerable<PageKey> others, out Refusal refused)
    {
        var most = request.Site.Limits.StreamsPerPage ?? perPage;
        var place = TryEnter(context, alike, most, address => others.Append(request.Page).Distinct().All(page => presence.Holds(page) || Acquire(newPages, address)), out var limit);
        refused = limit == NewPages ? Refusal.TooManyNewPages : Refusal.Full;
        return place;
    }

    private Place? TryEnter(HttpContext context, int alike, int most, Func<IPAddress, bool>? maySee, out string? refusal)
    {
        var address = ClientAddress.Of(context);
        refusal = closed ? "stopping"
            : alike >= most ? "page"
            : maySee?.Invoke(address) == false ? NewPages
            : null;
        if (refusal is null)
        {
            var mine = perAddress.AttemptAcquire(address);
            var ours = mine.IsAcquired ? all.AttemptAcquire() : null;
            if (ours is { IsAcquired: true })
            {
                return new Place(mine, ours);
            }

            refusal = mine.IsAcquired ? "streams" : "address";
            mine.Dispose();
        }

        metrics.Refused(refusal);
        return null;
    }

    public void Dispose()
    {
        all.Dispose();
        perAddress.Dispose();
        newPages.Dispose();
    }

    /// <summary>Makes a limiter for each address. Private addresses have no limit where the options exempt them.</summary>
    public static PartitionedRateLimiter<IPAddress> Partitioned(
        LimitsOptions limits, Func<IPAddress, RateLimitPartition<IPAddress>> limited) =>
        PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
            limits.ExemptPrivateAddresses && NetworkAddress.IsPrivate(address)
                ? RateLimitPartition.GetNoLimiter(IPAddress.None)
                : limited(address));

    private static bool Acquire(PartitionedRateLimiter<IPAddress> limiter, IPAddress address)
    {
        using var lease = limiter.AttemptAcquire(address);
        return lease.IsAcquired;
    }

    private sealed class Place(RateLimitLease mine, RateLimitLease ours) : IDisposable
    {
        public void Dispose()
        {
            mine.Dispose();
            ours.Dispose();
        }
    }
}
