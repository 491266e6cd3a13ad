using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Counter.Gateway.Http;
using Counter.Gateway.Sessions;

namespace Counter.Gateway.Monitor;

/// <summary>
/// Proves that a page of this gateway opened a socket, where a proxy omits the port from <c>Host</c>. Browsers send only the
/// <c>Origin</c> with a socket, not whether it is the same origin.
/// </summary>
/// <remarks>The page requests the token. A page of another site cannot read the response.</remarks>
internal static class SocketToken
{
    /// <summary>The response header that contains the token.</summary>
    public const string Header = "Counter-Socket";

    /// <summary>Responds with the token of the session.</summary>
    public static IResult Give(HttpContext context)
    {
        context.Response.Headers[Header] = Of(context.User);
        return Results.NoContent();
    }

    /// <summary>Accepts requests of the same origin and requests with the token.</summary>
    public static ValueTask<object?> FilterAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var shown = context.HttpContext.Request.Query["token"].ToString();
        return Of(context.HttpContext.User) is { } token
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), Encoding.UTF8.GetBytes(token))
            ? next(context)
            : SameOrigin.FilterAsync(context, next);
    }

    private static string? Of(ClaimsPrincipal user) =>
        SessionCookie.NameOf(user) is { } name ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("socket\n" + name))) : null;
}
