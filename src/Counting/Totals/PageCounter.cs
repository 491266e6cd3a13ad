using Counter.Counting.Cluster;
using Counter.Counting.Pages;

namespace Counter.Counting.Totals;

/// <summary>
/// Merges what gateways say about one page into a total. Pure: the time comes in, nothing goes out. Not safe for concurrent use.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>Of each gateway only the report with the highest sequence counts; lost, repeated and late ones do no harm.</item>
/// <item>A gateway that is not heard for the length of a lease loses its viewers.</item>
/// <item>What it said is remembered for <see cref="Remember"/> longer, viewers or none: an older report cannot bring viewers back,
/// and arrivals that were counted are not counted again when the gateway returns.</item>
/// </list>
/// </remarks>
public sealed class PageCounter
{
    /// <summary>How long the last report of a gateway is remembered after its lease has ended.</summary>
    public static readonly TimeSpan Remember = TimeSpan.FromHours(1);

    // Most pages are held by one gateway or none, and none by so many that a search through a list would be slow.
    private readonly TimeSpan leaseDuration;
    private List<Lease>? leases;

    /// <summary>A page that nobody has looked at yet.</summary>
    /// <param name="page">The page.</param>
    /// <param name="leaseDuration">How long a report holds.</param>
    /// <param name="now">The time.</param>
    public PageCounter(PageKey page, TimeSpan leaseDuration, DateTimeOffset now)
        : this(page, leaseDuration, new Tally(now))
    {
    }

    /// <summary>A page that was stored.</summary>
    /// <param name="page">The page.</param>
    /// <param name="leaseDuration">How long a report holds.</param>
    /// <param name="tally">What is known of it.</param>
    public PageCounter(PageKey page, TimeSpan leaseDuration, Tally tally) =>
        (Page, Tally, this.leaseDuration) = (page, tally, leaseDuration);

    /// <summary>A page that was stored with what gateways had said of it. Their viewers are not back before they say so again.</summary>
    /// <param name="page">The page.</param>
    /// <param name="leaseDuration">How long a report holds.</param>
    /// <param name="tally">What is known of it.</param>
    /// <param name="memories">What <see cref="Remembered"/> returned.</param>
    public PageCounter(PageKey page, TimeSpan leaseDuration, Tally tally, IEnumerable<LeaseMemory> memories)
        : this(page, leaseDuration, tally)
    {
        leases = [.. memories.Select(m => new Lease(m.GatewayId) { Sequence = m.Sequence, Opened = m.Opened, Arrivals = m.Arrivals, Ends = m.Ends })];
        leases = leases is { Count: 0 } ? null : leases;
    }

    /// <summary>The page.</summary>
    public PageKey Page { get; }

    /// <summary>
    /// The viewers there are at least, whatever was reported; 0 but for a moment after the reports were lost, while gateways repeat
    /// them. It is seen with the next report or <see cref="Recount"/>.
    /// </summary>
    public int Floor { get; set; }

    /// <summary>The gateways that have viewers here.</summary>
    public IEnumerable<string> Holders => leases?.Where(l => l.Viewers > 0).Select(l => l.GatewayId) ?? [];

    /// <summary>What has to be stored with the total, so that reports that come again after a restart are not counted twice.</summary>
    public IReadOnlyList<LeaseMemory> Remembered =>
        leases is null ? [] : [.. leases.Select(l => new LeaseMemory(l.GatewayId, l.Sequence, l.Opened, l.Arrivals, l.Ends))];

    /// <summary>The total.</summary>
    public Tally Tally { get; private set; }

    /// <summary>Whether any gateway's last report is remembered, so that <see cref="Expire"/> has something to do one day.</summary>
    public bool HasLeases => leases is not null;

    /// <summary>The total as it is sent around.</summary>
    public Total Total => new(CountKey.ForPage(Page), Tally.Version, Tally.Viewers);

    /// <summary>Takes a report of one gateway; one that is not newer than the last is ignored and renews nothing.</summary>
    /// <param name="gatewayId">The gateway.</param>
    /// <param name="report">What it says about this page; negative numbers are read as 0.</param>
    /// <param name="now">The time.</param>
    public void Apply(string gatewayId, PageReport report, DateTimeOffset now)
    {
        var lease = leases?.Find(l => l.GatewayId == gatewayId);
        if (lease is not null && report.Sequence <= lease.Sequence)
        {
            return;
        }

        var isNew = lease is null || report.Opened > lease.Opened;
        if (lease is null)
        {
            lease = new Lease(gatewayId);
            (leases ??= []).Add(lease);
        }

        var counted = isNew ? 0 : lease.Arrivals;
        lease.Sequence = report.Sequence;
        lease.Opened = isNew ? report.Opened : lease.Opened;
        lease.Viewers = Math.Max(0, report.Viewers);
        lease.Arrivals = Math.Max(counted, report.Arrivals);
        lease.Ends = now + leaseDuration;
        Observe(lease.Arrivals - counted, now);
    }

    /// <summary>Gives up the viewers of gateways that were not heard in time.</summary>
    /// <param name="now">The time; after the clock went backwards, leases hold no longer than if they were renewed now.</param>
    public void Expire(DateTimeOffset now)
    {
        var ended = false;
        foreach (var lease in leases ?? [])
        {
            lease.Ends = lease.Ends > now + leaseDuration ? now + leaseDuration : lease.Ends;
            if (lease.Viewers > 0 && lease.Ends <= now)
            {
                lease.Viewers = 0;
                ended = true;
            }
        }

        leases?.RemoveAll(l => l.Ends + Remember <= now);
        leases = leases is { Count: 0 } ? null : leases;
        if (ended)
        {
            Observe(0, now);
        }
    }

    /// <summary>A gateway lives, and what it said holds on.</summary>
    /// <param name="gatewayId">The gateway.</param>
    /// <param name="now">The time.</param>
    public void Renew(string gatewayId, DateTimeOffset now)
    {
        if (leases?.Find(l => l.GatewayId == gatewayId) is { Viewers: > 0 } lease)
        {
            lease.Ends = now + leaseDuration;
        }
    }

    /// <summary>A gateway stopped, or was not heard: what it said ends with the next <see cref="Expire"/>.</summary>
    /// <param name="gatewayId">The gateway.</param>
    /// <param name="now">The time.</param>
    public void GiveUp(string gatewayId, DateTimeOffset now)
    {
        if (leases?.Find(l => l.GatewayId == gatewayId) is { Viewers: > 0 } lease)
        {
            lease.Ends = now;
        }
    }

    /// <summary>Brings the total up to <see cref="Floor"/> and the leases.</summary>
    /// <param name="now">The time.</param>
    public void Recount(DateTimeOffset now) => Observe(0, now);

    /// <summary>Forgets peak, arrivals and history. The viewers stay: their leases do.</summary>
    /// <param name="now">The time.</param>
    public void Reset(DateTimeOffset now) => Tally = Tally.Anew(now);

    private void Observe(long arrived, DateTimeOffset now) =>
        Tally.Observe(Math.Max(Floor, leases?.Sum(l => (long)l.Viewers) ?? 0), arrived, now);
}
