using System.Globalization;
using System.Net.WebSockets;
using Counter.Counting.Pages;
using Counter.Gateway.Cluster;
using Counter.Gateway.Documents;
using Counter.Gateway.Frames;
using Counter.Gateway.Operations;
using Counter.Gateway.Settings;
using Counter.Gateway.Streaming;
using Counter.Gateway.Visitors;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Numbers;

/// <summary>Pushes numbers as server-sent events and as messages of a WebSocket: of one page, or of several.</summary>
internal sealed class NumberStreams(
    NumberRequests requests, Admission admission, BotDetector bots, VisitorIdentity identity, ClientClassifier clients, Feeds feeds,
    CurrentNumber current, FrameCache frames, PresenceClient presence, IOptions<StreamingOptions> options, TimeProvider clock, CounterMetrics metrics)
{
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);

    /// <summary>Answers <c>/online/events</c>.</summary>
    public Task SendEventsAsync(HttpContext context) => SendAsync(context, clients.OfEvents, (client, refused, run) =>
    {
        ResponseHeaders.ForStream(context.Response, "text/event-stream", client);
        return run(new EventStream(context, client, clock, metrics, refused));
    });

    /// <summary>Answers <c>/online/ws</c>.</summary>
    public Task SendMessagesAsync(HttpContext context) => context.WebSockets.IsWebSocketRequest
        ? SendAsync(context, static (request, _) => ClientClassifier.OfMessages(request), async (_, _, run) =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var stream = new SocketStream(socket, context, clock, metrics);
            var listening = stream.ListenAsync();
            await run(stream);

            // After a close message of either side, the other replies or is cut. Disposal of the socket ends the reading.
            var farewell = Task.WhenAll(listening, AnswerAsync(socket, context));
            await farewell.WaitAsync(Goodbye, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        })
        : Refusal.NotASocket.SendAsync(context, frames, format: null);

    private static Task AnswerAsync(WebSocket socket, HttpContext context) => socket.State == WebSocketState.CloseReceived
        ? socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted)
        : Task.CompletedTask;

    private async Task SendAsync(
        HttpContext context, Func<HttpRequest, SiteSettings, ClientKind> recognise, Func<ClientKind, TimeSpan?, Func<LiveStream, Task>, Task> open)
    {
        if (!requests.TryRead(context.Request, out var request, out var list, out var refusal))
        {
            await refusal.SendAsync(context, frames, format: null);
            return;
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            ResponseHeaders.ForStream(context.Response, "text/event-stream");
            return;
        }

        // A list is one stream, however long it is.
        using var place = admission.TryEnter(context, request, list?.Numbers ?? [request.Shows], out var full);
        if (place is null)
        {
            await RefuseAsync(context, request, list, full, open);
            return;
        }

        // Crawlers run scripts too. They may watch, uncounted.
        var counts = !bots.Recognise(context.Request, request.Page, needsSign: false) && request.Counts;
        var client = recognise(context.Request, request.Site);
        var origin = counts ? identity.Describe(context, request.Page, client.Settles, client.Browser) : null;
        await open(client, null, stream => list is null
            ? feeds.RunAsync(request.Shows, origin, stream, displayed => Draw(request.Shows, displayed))
            : feeds.RunAsync(list.Numbers, origin, stream, numbers => Draw(list, numbers)));
    }

    /// <summary>
    /// Answers a refused request. An EventSource never reconnects after a status other than 200 (HTML, 9.2.3), so it gets a stream that ends
    /// with the number. While the gateway is stopping every client gets one, because an admitted stream would end anyway.
    /// </summary>
    private async Task RefuseAsync(
        HttpContext context, OnlineRequest request, PageList? list, Refusal full, Func<ClientKind, TimeSpan?, Func<LiveStream, Task>, Task> open)
    {
        if (!admission.IsClosed && !Client.IsEventSource(context.Request))
        {
            context.Response.Headers.RetryAfter = admission.RetryAfter.ToString(CultureInfo.InvariantCulture);
            await full.SendAsync(context, frames, format: null);
            return;
        }

        var last = await DrawLastAsync(request, list, context.RequestAborted);
        await open(ClientKind.Tool, admission.IsClosed ? EventStream.Soon : TimeSpan.FromSeconds(admission.RetryAfter), async stream =>
        {
            stream.End(last);
            try
            {
                await stream.Completion.WaitAsync(options.Value.WriteTimeout, clock, stream.Aborted);
            }
            catch (Exception e) when (e is TimeoutException or OperationCanceledException)
            {
                context.Abort();
                await stream.Completion;
            }
        });
    }

    private async ValueTask<Frame> DrawLastAsync(OnlineRequest request, PageList? list, CancellationToken cancellationToken) => list is null
        ? Draw(request.Shows, await current.GetKnownAsync(request.Shows, cancellationToken) with { Live = false })
        : Draw(list, [.. (await current.GetKnownAsync(request.Page.Site, list.Numbers, cancellationToken)).Select(number => (DisplayedCount?)(number with { Live = false }))]);

    private Frame Draw(PageList list, IReadOnlyList<DisplayedCount?> numbers) => NumbersJson.Frame(list, numbers, stale: !presence.IsConnected);

    // A frame that is not live is the last one, or has a number without the answer that it waited for.
    private Frame Draw(CountKey shows, DisplayedCount displayed) =>
        NumbersJson.Frame(displayed, stale: !presence.IsConnected || (!displayed.Live && feeds.Find(shows) is { IsStale: true }));
}
