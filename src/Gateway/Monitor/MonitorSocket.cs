using System.Net.WebSockets;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Sessions;
using Counter.Gateway.Settings;
using Counter.Gateway.Streaming;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Monitor;

/// <summary>Sends all messages of the monitor to one watcher over a WebSocket.</summary>
internal sealed class MonitorSocket(
    MonitorViewers viewers, EndedSessions ended, MessageChain chain, KeyStore keys, IOptions<StreamingOptions> options,
    IHostApplicationLifetime lifetime, TimeProvider clock)
{
    /// <summary>The close code that returns the page to the sign-in form. Codes from 4000 to 4999 are for private use (RFC 6455).</summary>
    public const WebSocketCloseStatus SessionOver = (WebSocketCloseStatus)4401;

    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Answers <c>/monitor/ws</c>.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await RefuseAsync(context, StatusCodes.Status426UpgradeRequired, "This address serves only WebSockets. The monitor itself is at /monitor.");
            return;
        }

        using var place = viewers.TryEnter();
        if (place is null)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, $"The monitor has reached its limit of {MonitorViewers.Most} watchers.");
            return;
        }

        // The session begins before the browser receives the upgrade, so a sign-out that follows the upgrade ends it.
        await using var visit = new WatchSession(context, ended, keys, clock, lifetime.ApplicationStopping);
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var listening = ListenAsync(socket, visit, context);
        await SendAsync(socket, visit, context);
        await CloseAsync(socket, visit, context);
        await listening.WaitAsync(CloseTimeout, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Follows the chain of messages. Ends with the session, or when the watcher reads nothing or too slowly.</summary>
    private async Task SendAsync(WebSocket socket, WatchSession visit, HttpContext context)
    {
        try
        {
            var (first, link) = chain.Join();
            foreach (var message in first)
            {
                await SendAsync(socket, message, context);
            }

            while (!chain.IsFarBehind(link))
            {
                link = await link.Next.WaitAsync(visit.Over);
                await SendAsync(socket, link.Message, context);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException)
        {
            // The session has ended, or the browser has left.
        }
    }

    private async Task SendAsync(WebSocket socket, ReadOnlyMemory<byte> message, HttpContext context)
    {
        // A cancelled send makes the socket unusable, so only a peer that reads nothing cancels it.
        using var timeout = new CancellationTokenSource(options.Value.WriteTimeout, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted);
        await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, stop.Token);
    }

    private async Task CloseAsync(WebSocket socket, WatchSession visit, HttpContext context)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
        {
            return;
        }

        var (status, reason) = visit.IsSessionOver ? (SessionOver, "session over")
            : lifetime.ApplicationStopping.IsCancellationRequested ? (WebSocketCloseStatus.EndpointUnavailable, "restarting")
            : (WebSocketCloseStatus.NormalClosure, "too slow");
        try
        {
            using var timeout = new CancellationTokenSource(CloseTimeout, clock);
            await socket.CloseOutputAsync(status, reason, timeout.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException)
        {
            context.Abort();
        }
    }

    private static async Task ListenAsync(WebSocket socket, WatchSession visit, HttpContext context)
    {
        await SocketStream.ListenAsync(socket, context.RequestAborted);
        visit.Leave();
    }

    private static Task RefuseAsync(HttpContext context, int status, string sentence)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Results.Problem(sentence, statusCode: status).ExecuteAsync(context);
    }
}
