using Counter.Gateway.Cluster;
using Counter.Gateway.Relay;

namespace Counter.Gateway.Links;

/// <summary>What gateways ask each other for. Nobody else gets an answer.</summary>
internal static class LinkEndpoints
{
    /// <summary>Where the streams of a gateway are told.</summary>
    public const string Presence = "/cluster/presence";

    /// <summary>Where the pictures of a relay channel are; its name follows.</summary>
    public const string Relay = "/cluster/relay/";

    /// <summary>Maps what gateways ask for.</summary>
    public static void MapLinks(this IEndpointRouteBuilder app)
    {
        var links = app.MapGroup("").ExcludeFromDescription();
        links.AddEndpointFilter(async (invocation, next) => await AdmitAsync(invocation.HttpContext) ? await next(invocation) : Results.Empty);
        links.MapGet(Presence, (HttpContext context, Telling telling) => telling.SendAsync(context));
        links.MapGet(Relay + "{channel}", (HttpContext context, string channel, Watching watching) => watching.StreamToGatewayAsync(context, channel));
    }

    private static async ValueTask<bool> AdmitAsync(HttpContext context)
    {
        var services = context.RequestServices;
        if (!services.GetRequiredService<ThisGateway>().HasOthers)
        {
            await Results.Problem("There is nothing here.", statusCode: StatusCodes.Status404NotFound).ExecuteAsync(context);
            return false;
        }

        var proof = services.GetRequiredService<LinkProof>();
        if (context.Request.Headers[LinkProof.Header] is not [{ } shown] || proof.Verify(shown, context.Request.Path) is not { } known)
        {
            await Results.Problem("This is for the gateways of one cluster among themselves.", statusCode: StatusCodes.Status401Unauthorized).ExecuteAsync(context);
            return false;
        }

        context.Response.Headers[LinkProof.Header] = known.Answer;
        services.GetRequiredService<LinkKeeper>().Met(known.Caller);
        return true;
    }
}
