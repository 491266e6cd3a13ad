using Counter.Gateway.Html;
using Counter.Gateway.Http;
using Counter.Gateway.Monitor.Pages;
using Counter.Gateway.Monitor.Pictures;
using Counter.Gateway.Monitor.Session;
using Microsoft.AspNetCore.Authentication;

namespace Counter.Gateway.Monitor;

/// <summary>The endpoints of the live monitor.</summary>
internal static class MonitorEndpoints
{
    /// <summary>Maps <c>/monitor</c> and the paths below it.</summary>
    public static void MapMonitor(this IEndpointRouteBuilder app)
    {
        var monitor = app.MapGroup("/monitor");
        monitor.MapMethods("", HttpVerbs.Read, ShowAsync);

        monitor.MapPost("/sign-in", SignIn.TakeAsync).AddEndpointFilter(SameOrigin.FilterAsync);
        monitor.MapPost("/sign-out", SignIn.SignOutAsync).AddEndpointFilter(SameOrigin.FilterAsync);

        var inside = monitor.MapGroup("").RequireAuthorization(SessionCookie.Policy);
        inside.MapMethods("/session", HttpVerbs.Read, SocketToken.Give);
        inside.MapMethods("/ws", HttpVerbs.Read, (HttpContext context, MonitorSocket socket) => socket.ServeAsync(context)).AddEndpointFilter(SocketToken.FilterAsync);
        monitor.MapMethods("/chart/{name}.{format}", HttpVerbs.Read, (HttpContext context, MonitorImages pictures, string name, string format) =>
            pictures.ServeAsync(context, name, format)).RequireAuthorization(SessionCookie.OrKey);
    }

    private static async Task ShowAsync(HttpContext context, PageRenderer pages)
    {
        var noScript = context.Request.Query["noscript"] == "1";
        if (!(await context.AuthenticateAsync(SessionCookie.SchemeName)).Succeeded)
        {
            await SignIn.ShowAsync(context, pages, problem: null, noScript);
            return;
        }

        await (noScript
            ? pages.SendAsync<PlainPage>(context, MonitorPages.Plain, [])
            : pages.SendAsync<LivePage>(context, MonitorPages.Live, []));
    }
}
