using Counter.Counting.Cluster;
using Counter.Gateway.Documents;
using Counter.Gateway.Http;

namespace Counter.Gateway.Admin;

/// <summary>A gateway.</summary>
/// <param name="Id">The id of this run of its process.</param>
/// <param name="Name">The machine or container.</param>
/// <param name="Version">The version of the program.</param>
/// <param name="Since">When it started.</param>
/// <param name="SeenAt">When it last reported.</param>
/// <param name="Streams">The number of its open streams.</param>
/// <param name="Viewers">The number of them that count as viewers.</param>
/// <param name="FramesPerSecond">Frames written to streams during the last second before that; null where the gateway does not report it.</param>
/// <param name="BytesPerSecond">Bytes of those frames.</param>
/// <param name="Processor">The share of all processors of the machine that the process used, in per cent.</param>
/// <param name="Resident">Bytes of memory of the process.</param>
internal sealed record GatewayAnswer(
    string Id, string Name, string Version, DateTimeOffset Since, DateTimeOffset SeenAt, int Streams, int Viewers, double? FramesPerSecond,
    double? BytesPerSecond, double? Processor, long? Resident);

/// <summary>The endpoints for the whole installation: totals, gateways, audit log.</summary>
internal static class TotalsEndpoints
{
    /// <summary>Maps <c>/totals</c>, <c>/gateways</c> and <c>/audit</c>.</summary>
    public static void MapTotals(this IEndpointRouteBuilder api)
    {
        var operators = api.MapGroup("").RequireAuthorization(AccessPolicies.Operator).WithTags("Installation");
        operators.MapMethods("/totals", HttpVerbs.Read, async (ICluster cluster, CancellationToken aborted) =>
                TypedResults.Ok(await cluster.GetTotalsAsync(aborted)))
            .WithSummary("The totals of the installation.");
        operators.MapMethods("/gateways", HttpVerbs.Read, async (ICluster cluster, CancellationToken aborted) =>
                TypedResults.Ok(new Part<GatewayAnswer>([.. (await cluster.ListGatewaysAsync(aborted)).Select(Describe)], null)))
            .WithSummary("The gateways, when they started, and when they last reported.");
        operators.MapMethods("/audit", HttpVerbs.Read, ListAuditAsync)
            .WithSummary("Who changed which settings and keys, and the values before and after, the newest first.")
            .Produces<Part<AuditEntry>>().ProducesValidationProblem();
    }

    private static GatewayAnswer Describe(GatewayStatus gateway) => new(
        gateway.State.Id, gateway.State.Name, gateway.State.Version, gateway.State.StartedAt, gateway.SeenAt, gateway.State.Streams,
        gateway.State.Viewers, gateway.State.Load?.FramesPerSecond, gateway.State.Load?.BytesPerSecond, gateway.State.Load?.Processor,
        gateway.State.Load?.Resident);

    private static async Task<IResult> ListAuditAsync(AuditLog audit, string? cursor, string? limit, CancellationToken aborted)
    {
        if (!ListParameters.TryLimit(limit, out var most))
        {
            return Problems.Invalid("limit", "A whole number from 1 to 200.");
        }

        var entries = await audit.ListAsync(string.IsNullOrEmpty(cursor) ? null : cursor, most, aborted);
        return Results.Ok(new Part<AuditEntry>([.. entries.Select(e => e.Entry)], entries.Count < most ? null : entries[^1].Id));
    }
}
