using Counter.Gateway.Documents;
using Counter.Gateway.Html;
using Counter.Gateway.Http;
using Counter.Gateway.Monitor.Pages;
using Counter.Gateway.Monitor.Pictures;
using Counter.Gateway.Sessions;

namespace Counter.Gateway.Monitor;

/// <summary>The endpoints of the live monitor.</summary>
internal static class MonitorEndpoints
{
    /// <summary>Maps <c>/monitor</c> and the paths below it.</summary>
    public static void MapMonitor(this IEndpointRouteBuilder app)
    {
        var monitor = app.MapGroup("/monitor");
        monitor.MapMethods("", HttpVerbs.Read, ShowAsync).RequireAuthorization(SessionCookie.Anybody);

        var inside = monitor.MapGroup("").RequireAuthorization(SessionCookie.Operator);
        inside.MapMethods("/session", HttpVerbs.Read, SocketToken.Give);
        inside.MapMethods("/ws", HttpVerbs.Read, (HttpContext context, MonitorSocket socket) => socket.ServeAsync(context)).AddEndpointFilter(SocketToken.FilterAsync);
        monitor.MapMethods("/chart/{name}.{format}", HttpVerbs.Read, (HttpContext context, MonitorImages pictures, string name, string format) =>
            pictures.ServeAsync(context, name, format)).RequireAuthorization(SessionCookie.OrKey);
    }

    private static async Task ShowAsync(HttpContext context, PageRenderer pages)
    {
        var noScript = context.Request.Query["noscript"] == "1";
        switch (SessionCookie.HolderOf(context.User))
        {
            case null:
                await SignIn.ShowAsync(context, pages, problem: null, site: null, noScript);
                break;
            case { Role: not KeyRole.Operator } holder:
                context.Response.Redirect(SiteAddress.Of(holder.Scope));
                break;
            default:
                await (noScript
                    ? pages.SendAsync<PlainPage>(context, MonitorPages.Plain, [])
                    : pages.SendAsync<LivePage>(context, MonitorPages.Live, []));
                break;
        }
    }
}
