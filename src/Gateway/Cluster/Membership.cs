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

    private readonly DateTimeOffset startedAt = clock.GetUtcNow();

    // Whether the cluster ever had us, and whether it may have given us up: it said so, or its answer got lost.
    private bool known;
    private bool givenUp;

    /// <summary>Renews the leases of this gateway; where they have ended, has everything reported again. Not to be called in parallel.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        var state = new GatewayState(
            here.Id, Environment.MachineName, CounterApp.Version, startedAt, (int)metrics.StreamsOpen, feeds.Audience.All, here.Address);
        try
        {
            givenUp |= !await cluster.RenewAsync(state, cancellationToken);
        }
        catch
        {
            givenUp = true;
            throw;
        }

        if (!givenUp)
        {
            return;
        }

        if (known)
        {
            await Task.Delay(Recollection, clock, cancellationToken);
        }

        feeds.Audience.ReportAll();
        (known, givenUp) = (true, false);
    }
}
