using System.Globalization;
using Counter.Gateway.Frames;
using Counter.Gateway.Http;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Numbers;

/// <summary>The same pages and the same number, for those who can script.</summary>
internal static class NumberEndpoints
{
    /// <summary>Adds what answers and streams numbers.</summary>
    public static void AddNumbers(this IServiceCollection services)
    {
        services.AddSingleton<StatusHandler>();
        services.AddSingleton<NumberStreams>();
    }

    /// <summary>Maps the numbers; any site's scripts may read them.</summary>
    public static void MapNumbers(this IEndpointRouteBuilder app)
    {
        var numbers = app.MapGroup("").RequireCors(cors => cors.AllowAnyOrigin().WithMethods(HttpVerbs.Read).AllowAnyHeader());
        numbers.MapMethods("/online.json", HttpVerbs.Read, (HttpContext context, StatusHandler answer) => answer.SendAsync(context));
        numbers.MapMethods("/online.txt", HttpVerbs.Read, GetTextAsync);
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
}
