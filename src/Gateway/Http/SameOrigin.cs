
namespace Counter.Gateway.Http;

/// <summary>Keeps pages of other sites from acting in the name of a signed-in user.</summary>
internal static class SameOrigin
{
    /// <summary>
    /// Whether the request may come from a page of this gateway. Browsers send the origin of a request, and scripts cannot change it. A program
    /// that sends none is no browser that a foreign page could use.
    /// </summary>
    /// <remarks>
    /// <c>Sec-Fetch-Site</c> compares with the host that the browser requested, <c>Origin</c> only with the host that a proxy forwards. Browsers
    /// send the former over HTTPS and to this machine, and not with every WebSocket.
    /// </remarks>
    public static bool IsPossible(HttpRequest request)
    {
        if (request.Headers.TryGetValue("Sec-Fetch-Site", out var site))
        {
            return site == "same-origin" || site == "none";
        }

        // The scheme may differ in front of a proxy. SameSite cookies compare it.
        var origin = request.Headers.Origin;
        return origin.Count == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out var page)
                && string.Equals(page.Authority, AuthorityFor(page.Scheme, request.Host), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Refuses requests from other origins.</summary>
    public static async ValueTask<object?> FilterAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (IsPossible(context.HttpContext.Request))
        {
            return await next(context);
        }

        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return Results.Problem(
            "This request came from a page of another site. Open the page itself. A proxy in between must pass on the Host header.",
            statusCode: StatusCodes.Status403Forbidden);
    }

    private static string? AuthorityFor(string scheme, HostString host) =>
        Uri.TryCreate($"{scheme}://{host.ToUriComponent()}", UriKind.Absolute, out var own) ? own.Authority : null;
}
