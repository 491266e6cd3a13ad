using System.Net.WebSockets;
using Counter.Gateway.Cluster;
using Counter.Gateway.Frames;
using Counter.Gateway.Operations;
using Counter.Gateway.Sites;
using Counter.Gateway.Streaming;
using Counter.Gateway.Visitors;

namespace Counter.Gateway.Numbers;

/// <summary>Numbers that are pushed: as server-sent events and as messages of a WebSocket.</summary>
internal sealed class NumberStreams(
    OnlineRequests requests, Admission admission, NotPeople notPeople, VisitorIdentity identity, ClientKinds clients, Feeds feeds,
    FrameCache frames, Reporter reporter, TimeProvider clock, CounterMetrics metrics)
{
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);

    /// <summary>Answers <c>/online/events</c>.</summary>
    public Task SendEventsAsync(HttpContext context) => SendAsync(context, clients.OfEvents, (client, run) =>
    {
        ResponseHeaders.ForStream(context.Response, "text/event-stream", client);
        return run(new EventStream(context, client, clock, metrics));
    });

    /// <summary>Answers <c>/online/ws</c>.</summary>
    public Task SendMessagesAsync(HttpContext context) => context.WebSockets.IsWebSocketRequest
        ? SendAsync(context, static (request, _) => ClientKinds.OfMessages(request), async (_, run) =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var stream = new SocketStream(socket, context, clock, metrics);
            var listening = stream.ListenAsync();
            await run(stream);

            // Whoever said goodbye first, the other answers or is cut: disposing the socket ends the reading.
            var farewell = Task.WhenAll(listening, AnswerAsync(socket, context));
            await farewell.WaitAsync(Goodbye, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        })
        : Refusal.NotASocket.SendAsync(context, frames, format: null);

    private static Task AnswerAsync(WebSocket socket, HttpContext context) => socket.State == WebSocketState.CloseReceived
        ? socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted)
        : Task.CompletedTask;

    private async Task SendAsync(
        HttpContext context, Func<HttpRequest, SiteSettings, ClientKind> recognise, Func<ClientKind, Func<LiveStream, Task>, Task> open)
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

        // Crawlers run scripts too: they may watch.
        var counts = !notPeople.Recognise(context.Request, request.Page) && request.Counts;
        var client = recognise(context.Request, request.Site);
        var arrival = counts ? identity.Describe(context, request.Page, client) : null;
        await open(client, stream => feeds.RunAsync(request.Shows, arrival, stream, reading => NumbersJson.Frame(reading, stale: !reporter.Connected)));
    }
}
