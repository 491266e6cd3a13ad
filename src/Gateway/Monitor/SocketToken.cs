using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Counter.Gateway.Http;
using Counter.Gateway.Sessions;

namespace Counter.Gateway.Monitor;

/// <summary>
/// Shows that a socket was opened by a page of ours, where a proxy left out of <c>Host</c> on which port that is: browsers say of a socket only where it
/// comes from (<c>Origin</c>), and not whether that is the same place.
/// </summary>
/// <remarks>The page asks for the token, and another site's page cannot read the answer.</remarks>
internal static class SocketToken
{
    /// <summary>The header of the answer that has it.</summary>
    public const string Header = "Counter-Socket";

    /// <summary>Answers that there is a session, with its token.</summary>
    public static IResult Give(HttpContext context)
    {
        context.Response.Headers[Header] = Of(context.User);
        return Results.NoContent();
    }

    /// <summary>Lets in who comes from the same place, or has the token.</summary>
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
