using Counter.Counting.Cluster;
using Counter.Gateway.Operations;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Cluster;

/// <summary>Says to the cluster that this gateway lives, and knows when everything is to be reported again.</summary>
internal sealed class Membership(ICluster cluster, ThisGateway here, Feeds feeds, TimeProvider clock, CounterMetrics metrics)
{
    /// <summary>
    /// After it was given up, a gateway reports everybody again only after this time: it may have stood still, and has to notice
    /// first who left meanwhile.
    /// </summary>
    public static readonly TimeSpan Recollection = TimeSpan.FromSeconds(1);

    // Less than any lease: a gateway that was heard within this time was not given up.
    private static readonly TimeSpan Heard = 2 * Reporter.Renewal;

    private readonly DateTimeOffset startedAt = clock.GetUtcNow();

    // When the last renewal was begun that was answered.
    private long heardAt = clock.GetTimestamp();

    // Whether the cluster ever had us, and whether it may have given us up: it said so, or its answer got lost.
    private bool known;
    private bool givenUp;

    /// <summary>
    /// Whether the cluster has heard this gateway lately, so that its totals include what was reported; whenever it had not,
    /// everything is reported again.
    /// </summary>
    public bool IsHeard => clock.GetElapsedTime(Volatile.Read(ref heardAt)) <= Heard;

    /// <summary>Renews the leases of this gateway; where they have ended, has everything reported again. Not to be called in parallel.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var state = new GatewayState(
            here.Id, Environment.MachineName, CounterApp.Version, startedAt, (int)metrics.StreamsOpen, feeds.Audience.All, here.Address);
        try
        {
            givenUp |= !await cluster.RenewAsync(state, cancellationToken);
        }
        catch
        {
            givenUp = true;
            feeds.Audience.ReportAll();
            throw;
        }

        // Before anything that comes is believed: a total that the cluster made without our viewers looks like one with them.
        if (givenUp || !IsHeard)
        {
            feeds.Audience.ReportAll();
        }

        Volatile.Write(ref heardAt, began);
        if (givenUp && known)
        {
            await Task.Delay(Recollection, clock, cancellationToken);
        }

        (known, givenUp) = (true, false);
    }
}
