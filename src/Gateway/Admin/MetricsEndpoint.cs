using Counter.Gateway.Http;
using Counter.Grains.Hosting;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Admin;

/// <summary>Serves the metrics to the operator.</summary>
internal static class MetricsEndpoint
{
    /// <summary>Maps <c>/metrics</c> if <see cref="MetricsOptions.OnMainPort"/> is set.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder app)
    {
        if (app.ServiceProvider.GetRequiredService<IOptions<MetricsOptions>>().Value.OnMainPort)
        {
            app.MapPrometheusScrapingEndpoint(MetricsOptions.Path).WithMetadata(new RequestLimit.Limited()).RequireAuthorization(AccessPolicies.Operator);
        }
    }
}
