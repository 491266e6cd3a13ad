using System.Globalization;
using Counter.Gateway.Frames;
using Counter.Gateway.Http;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Numbers;

/// <summary>Endpoints for scripts: the numbers as JSON, text, events and messages.</summary>
internal static class NumberEndpoints
{
    /// <summary>Adds the services of the endpoints.</summary>
    public static void AddNumbers(this IServiceCollection services)
    {
        services.AddSingleton<NumberRequests>();
        services.AddSingleton<StatusHandler>();
        services.AddSingleton<NumberStreams>();
    }

    /// <summary>Maps the endpoints. Scripts of any origin may read them.</summary>
    public static void MapNumbers(this IEndpointRouteBuilder app)
    {
        var numbers = app.MapGroup("").RequireCors(cors => cors.AllowAnyOrigin().WithMethods(HttpVerbs.Read).AllowAnyHeader());
        numbers.MapMethods("/online.json", HttpVerbs.Read, (HttpContext context, StatusHandler answer) => answer.SendAsync(context));
        numbers.MapMethods("/online.txt", HttpVerbs.Read, GetTextAsync);
        numbers.MapMethods("/badge.json", HttpVerbs.Read, GetBadgeAsync);
        numbers.MapMethods("/online/events", HttpVerbs.Read, (HttpContext context, NumberStreams streams) => streams.SendEventsAsync(context));
        numbers.MapMethods("/online/ws", HttpVerbs.Read, (HttpContext context, NumberStreams streams) => streams.SendMessagesAsync(context));
    }

    private static async Task GetTextAsync(
        HttpContext context, OnlineRequests requests, CurrentNumber current, FrameCache frames)
    {
        if (!requests.TryRead(context.Request, out var request, out var refusal))
        {
            await refusal.SendAsync(context, frames, format: null);
            return;
        }

        var displayed = await current.GetAsync(request.Shows, context.RequestAborted);
        ResponseHeaders.ForStill(context.Response, "text/plain; charset=utf-8");
        await context.Response.WriteAsync(displayed.Viewers.ToString(CultureInfo.InvariantCulture) + "\n", context.RequestAborted);
    }

    private static async Task GetBadgeAsync(HttpContext context, OnlineRequests requests, CurrentNumber current, FrameCache frames)
    {
        if (!requests.TryRead(context.Request, out var request, out var refusal))
        {
            await refusal.SendAsync(context, frames, format: null);
            return;
        }

        var displayed = await current.GetKnownAsync(request.Shows, context.RequestAborted);
        if (!ShieldsBadge.TryMake(context.Request.Query, request.Site, displayed, out var badge, out refusal))
        {
            await refusal.SendAsync(context, frames, format: null);
            return;
        }

        ResponseHeaders.ForStill(context.Response, "application/json; charset=utf-8");
        await context.Response.WriteAsJsonAsync(badge, NumbersJson.Default.ShieldsBadge, cancellationToken: context.RequestAborted);
    }
}
