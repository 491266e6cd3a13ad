using Counter.Gateway.Http;

namespace Counter.Gateway.Sessions;

/// <summary>The setup of sessions.</summary>
internal static class SessionsSetup
{
    /// <summary>Maps the forms that begin and end a session.</summary>
    public static void MapSessions(this IEndpointRouteBuilder app)
    {
        app.MapPost("/sign-in", SignIn.TakeAsync).AddEndpointFilter(SameOrigin.FilterAsync).WithMetadata(new RequestLimit.Limited());
        app.MapPost("/sign-out", SignIn.SignOutAsync).AddEndpointFilter(SameOrigin.FilterAsync).WithMetadata(new RequestLimit.Limited());
    }
}
