using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Counter.Silo;

/// <summary>Whether this silo is active: it is a member of the cluster and does not stop.</summary>
internal sealed class Readiness(IClusterMembershipService membership, ILocalSiloDetails silo, IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        !lifetime.ApplicationStopping.IsCancellationRequested && membership.CurrentSnapshot.GetSiloStatus(silo.SiloAddress) == SiloStatus.Active
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("Not an active silo of the cluster, or stopping."));
}
