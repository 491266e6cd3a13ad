using System.Globalization;
using Counter.Gateway.Frames;
using Counter.Gateway.Operations;
using Counter.Gateway.Streaming;
using Counter.Gateway.Visitors;

namespace Counter.Gateway.Numbers;

/// <summary>The same pages and the same number, for those who can script.</summary>
internal static class NumberEndpoints
{
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);

    /// <summary>Maps the numbers; any site's scripts may read them.</summary>
    public static void MapNumbers(this IEndpointRouteBuilder app)
    {
        var numbers = app.MapGroup("").RequireCors(cors => cors.AllowAnyOrigin().WithMethods(HttpMethods.Get).AllowAnyHeader());
        numbers.MapGet("/online.json", (HttpContext context, StatusAnswer answer) => answer.SendAsync(context));
        numbers.MapGet("/online.txt", GetTextAsync);
        numbers.MapGet("/online/events", StreamEventsAsync);
        numbers.MapGet("/online/ws", StreamMessagesAsync);
    }

    private static async Task GetTextAsync(
        HttpContext context, OnlineRequests requests, CurrentNumber current, FrameCache frames)
    {
        if (!requests.TryRead(context.Request, out var request, out var refusal))
        {
            await refusal.SendAsync(context, frames, format: null);
            return;
        }

        var reading = await current.GetAsync(request.Shows, context.RequestAborted);
        ResponseHeaders.ForStill(context.Response, "text/plain; charset=utf-8");
        await context.Response.WriteAsync(reading.Viewers.ToString(CultureInfo.InvariantCulture) + "\n", context.RequestAborted);
    }

    private static async Task StreamEventsAsync(
        HttpContext context, OnlineRequests requests, Admission admission, VisitorIdentity identity, Feeds feeds, FrameCache frames,
        TimeProvider clock, CounterMetrics metrics)
    {
        if (!requests.TryRead(context.Request, out var request, out var refusal))
        {
            await refusal.SendAsync(context, frames, format: null);
            return;
        }

        using var place = admission.TryEnter(context, request);
        if (place is null)
        {
            await Refusal.Full.SendAsync(context, frames, format: null);
            return;
        }

        var arrival = request.Counts ? identity.Describe(context, request.Page) : null;
        ResponseHeaders.ForStream(context.Response, "text/event-stream");
        await feeds.RunAsync(request.Shows, arrival, new EventStream(context, clock, metrics), NumbersJson.Frame);
    }

    private static async Task StreamMessagesAsync(
        HttpContext context, OnlineRequests requests, Admission admission, VisitorIdentity identity, Feeds feeds, FrameCache frames,
        TimeProvider clock, CounterMetrics metrics)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await Refusal.NotASocket.SendAsync(context, frames, format: null);
            return;
        }

        if (!requests.TryRead(context.Request, out var request, out var refusal))
        {
            await refusal.SendAsync(context, frames, format: null);
            return;
        }

        using var place = admission.TryEnter(context, request);
        if (place is null)
        {
            await Refusal.Full.SendAsync(context, frames, format: null);
            return;
        }

        var arrival = request.Counts ? identity.Describe(context, request.Page) : null;
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var stream = new SocketStream(socket, context, clock, metrics);
        var listening = stream.ListenAsync();
        await feeds.RunAsync(request.Shows, arrival, stream, NumbersJson.Frame);

        // The peer answers our goodbye or is cut: disposing the socket ends the reading.
        await listening.WaitAsync(Goodbye, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
