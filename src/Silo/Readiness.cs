using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Counter.Silo;

/// <summary>Whether this silo takes part: the others know it, and it does not stop.</summary>
internal sealed class Readiness(IClusterMembershipService membership, ILocalSiloDetails here, IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        !lifetime.ApplicationStopping.IsCancellationRequested && membership.CurrentSnapshot.GetSiloStatus(here.SiloAddress) == SiloStatus.Active
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("Not one of the cluster's silos, or stopping."));
}
