using Counter.Counting.Cluster;

namespace Counter.Counting.Embedded;

/// <content>Which gateways are heard, and what ends when one is not.</content>
public sealed partial class EmbeddedCluster
{
    /// <inheritdoc/>
    public ValueTask<bool> RenewAsync(GatewayState gateway, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(gateway);
        var now = clock.GetUtcNow();
        lock (gate)
        {
            foreach (var entry in sites.Values)
            {
                entry.Counter.Renew(gateway.Id, now);
            }

            return ValueTask.FromResult(gateways.Renew(gateway, now));
        }
    }

    /// <inheritdoc/>
    public ValueTask LeaveAsync(string gatewayId, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            gateways.Remove(gatewayId);
            GiveUp(gatewayId, clock.GetUtcNow());
        }

        return ValueTask.CompletedTask;
    }

    private void OnStep()
    {
        Expire();
        saver.Wake();
    }

    private void Expire()
    {
        var now = clock.GetUtcNow();
        lock (gate)
        {
            // A machine that slept could not hear anybody: gateways get a step of time to speak before they are given up.
            var slept = now - expiredAt > options.LeaseDuration;
            expiredAt = now;
            if (slept)
            {
                return;
            }

            foreach (var gateway in gateways.Expire(now))
            {
                GiveUp(gateway, now);
            }

            Expire(now);
        }
    }

    private void GiveUp(string gatewayId, DateTimeOffset now)
    {
        foreach (var entry in sites.Values)
        {
            entry.Counter.GiveUp(gatewayId, now);
        }

        Expire(now);
    }

    private void Expire(DateTimeOffset now)
    {
        foreach (var entry in sites.Values)
        {
            foreach (var total in entry.Counter.Expire(now))
            {
                entry.Changed = true;
                feed.Publish(total);
            }
        }
    }
}
