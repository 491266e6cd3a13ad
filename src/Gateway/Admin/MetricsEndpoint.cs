using Counter.Gateway.Http;
using Counter.Grains.Hosting;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Admin;

/// <summary>Shows the operator what is measured, as Prometheus reads it.</summary>
internal static class MetricsEndpoint
{
    /// <summary>Maps <c>/metrics</c> if a setting says so.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder app)
    {
        if (app.ServiceProvider.GetRequiredService<IOptions<MetricsOptions>>().Value.OnMainPort)
        {
            app.MapPrometheusScrapingEndpoint(MetricsOptions.Path).WithMetadata(new RequestLimit.Limited()).RequireAuthorization(AccessPolicies.Operator);
        }
    }
}
