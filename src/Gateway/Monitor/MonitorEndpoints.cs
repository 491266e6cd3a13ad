using Counter.Gateway.Monitor.Pages;
using Counter.Gateway.Monitor.Pictures;
using Counter.Gateway.Monitor.Session;
using Counter.Gateway.Pages;
using Microsoft.AspNetCore.Authentication;

namespace Counter.Gateway.Monitor;

/// <summary>What the live monitor answers.</summary>
internal static class MonitorEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps <c>/monitor</c> and what is below it.</summary>
    public static void MapMonitor(this IEndpointRouteBuilder app)
    {
        var monitor = app.MapGroup("/monitor");
        monitor.MapMethods("", Methods, ShowAsync);

        monitor.MapPost("/sign-in", SignIn.TakeAsync).AddEndpointFilter(SameOrigin.FilterAsync);
        monitor.MapPost("/sign-out", SignIn.SignOutAsync).AddEndpointFilter(SameOrigin.FilterAsync);

        var inside = monitor.MapGroup("").RequireAuthorization(SessionCookie.Policy);
        inside.MapGet("/session", Results.NoContent);
        inside.MapGet("/ws", (HttpContext context, MonitorSocket socket) => socket.ServeAsync(context)).AddEndpointFilter(SameOrigin.FilterAsync);
        inside.MapGet("/chart/{name}.{format}", (HttpContext context, PictureAnswer pictures, string name, string format) =>
            pictures.ServeAsync(context, name, format));
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
