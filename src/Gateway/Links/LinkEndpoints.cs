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
        var links = app.MapGroup("");
        links.AddEndpointFilter(async (invocation, next) => Refuse(invocation.HttpContext) ?? await next(invocation));
        links.MapGet(Presence, (HttpContext context, Telling telling) => telling.SendAsync(context));
        links.MapGet(Relay + "{channel}", (HttpContext context, string channel, Watching watching) => watching.StreamToGatewayAsync(context, channel));
    }

    /// <summary>What to answer whoever is no gateway of this cluster; null lets it in and shows it that this is one.</summary>
    private static IResult? Refuse(HttpContext context)
    {
        var services = context.RequestServices;
        if (!services.GetRequiredService<ThisGateway>().HasOthers)
        {
            return Results.Problem("There is nothing here.", statusCode: StatusCodes.Status404NotFound);
        }

        var proof = services.GetRequiredService<LinkProof>();
        if (context.Request.Headers[LinkProof.Header] is not [{ } shown] || proof.Verify(shown, context.Request.Path) is not { } known)
        {
            return Results.Problem("This is for the gateways of one cluster among themselves.", statusCode: StatusCodes.Status401Unauthorized);
        }

        context.Response.Headers[LinkProof.Header] = known.Answer;
        services.GetRequiredService<LinkKeeper>().Met(known.Caller);
        return null;
    }
}
