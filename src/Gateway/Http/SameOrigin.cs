
namespace Counter.Gateway.Http;

/// <summary>Keeps other sites' pages from acting in the name of whoever is signed in.</summary>
internal static class SameOrigin
{
    /// <summary>
    /// Whether the request may come from a page of ours. Browsers say where a request comes from, and scripts cannot change it; a
    /// program that says nothing is not a browser that somebody else's page makes use of.
    /// </summary>
    /// <remarks>
    /// <c>Sec-Fetch-Site</c> compares with what the browser asked for, <c>Origin</c> only with what a proxy left of it; browsers send
    /// the former over HTTPS and to this machine, and not with every WebSocket.
    /// </remarks>
    public static bool IsPossible(HttpRequest request)
    {
        if (request.Headers.TryGetValue("Sec-Fetch-Site", out var site))
        {
            return site == "same-origin" || site == "none";
        }

        // The scheme may be another one in front of a proxy; cookies that are SameSite look at it.
        var origin = request.Headers.Origin;
        return origin.Count == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out var page)
                && string.Equals(page.Authority, AuthorityFor(page.Scheme, request.Host), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Refuses what cannot be ours.</summary>
    public static async ValueTask<object?> FilterAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (IsPossible(context.HttpContext.Request))
        {
            return await next(context);
        }

        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return Results.Problem(
            "This request came from a page of another site. Open /monitor itself; a proxy in between must pass the Host header on.",
            statusCode: StatusCodes.Status403Forbidden);
    }

    private static string? AuthorityFor(string scheme, HostString host) =>
        Uri.TryCreate($"{scheme}://{host.ToUriComponent()}", UriKind.Absolute, out var own) ? own.Authority : null;
}
