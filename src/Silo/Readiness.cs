using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Counter.Silo;

/// <summary>Whether this silo takes part: the others know it, and it does not stop.</summary>
internal sealed class Readiness(IClusterMembershipService membership, ILocalSiloDetails silo, IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        !lifetime.ApplicationStopping.IsCancellationRequested && membership.CurrentSnapshot.GetSiloStatus(silo.SiloAddress) == SiloStatus.Active
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("Not one of the cluster's silos, or stopping."));
}
