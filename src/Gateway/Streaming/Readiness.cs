using Counter.Gateway.Cluster;
using Counter.Grains.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Counter.Gateway.Streaming;

/// <summary>Whether this gateway is ready for new visitors.</summary>
internal sealed class Readiness(Admission admission, PresenceClient presence, OrleansConnection connection) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            !admission.HasRoom ? HealthCheckResult.Unhealthy("Stopping, or Limits:Streams is reached.")

            // Streams continue without the cluster, with the last number and the viewers of this gateway.
            : !presence.IsConnected ? HealthCheckResult.Degraded("The cluster does not answer; numbers may be old.")
            : connection.IsStoreFailing ? HealthCheckResult.Degraded("Changes cannot be stored; the log has the reason.")
            : HealthCheckResult.Healthy());
}
