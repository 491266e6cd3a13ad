using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Counter.Gateway.Tests.Support;

namespace Counter.Gateway.Tests.Monitor;

/// <summary>Somebody who signs in to the monitor and watches it, without a browser that would do things by itself.</summary>
internal sealed class Operator : IDisposable
{
    private readonly RunningGateway gateway;

    public Operator(RunningGateway gateway)
    {
        this.gateway = gateway;
        Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = gateway.Address };
    }

    public HttpClient Http { get; }

    /// <summary>The cookie, as a browser sends it; null before there is one.</summary>
    public string? Cookie { get; set; }

    public static async Task<Operator> SignInAsync(RunningGateway gateway, string key = RunningGateway.OperatorKey)
    {
        var person = new Operator(gateway);
        using var answer = await person.TryAsync(key);
        person.Cookie = SetCookie(answer)!.Split(';')[0];
        return person;
    }

    public static string? SetCookie(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out var values) ? values.Single() : null;

    /// <summary>Sends the form with a key.</summary>
    public Task<HttpResponseMessage> TryAsync(string key, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, "/sign-in", new Dictionary<string, string> { ["key"] = key }, headers);

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, Dictionary<string, string>? form, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (form is not null)
        {
            request.Content = new FormUrlEncodedContent(form);
        }

        foreach (var (name, value) in headers.Append(("Cookie", Cookie ?? "")).Where(h => h.Item2.Length > 0))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Http.SendAsync(request);
    }

    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await GetAsync(path);
        return answer.StatusCode;
    }

    /// <summary>Opens the WebSocket.</summary>
    /// <exception cref="WebSocketException">It was refused; the message has the status.</exception>
    public Task<ClientWebSocket> WatchAsync(params (string Name, string Value)[] headers) => WatchAsync("", headers);

    /// <summary>Opens the WebSocket, with a query.</summary>
    /// <exception cref="WebSocketException">It was refused; the message has the status.</exception>
    public async Task<ClientWebSocket> WatchAsync(string query, params (string Name, string Value)[] headers)
    {
        var socket = new ClientWebSocket();
        foreach (var (name, value) in headers.Append(("Cookie", Cookie ?? "")).Where(h => h.Item2.Length > 0))
        {
            socket.Options.SetRequestHeader(name, value);
        }

        await socket.ConnectAsync(new Uri(gateway.Address.ToString().Replace("http", "ws", StringComparison.Ordinal) + "monitor/ws" + query), CancellationToken.None);
        return socket;
    }

    /// <summary>The next message; null for the close message.</summary>
    public static async Task<JsonElement?> HearAsync(WebSocket socket)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var text = new MemoryStream();
        var buffer = new byte[16384];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer.AsMemory(), deadline.Token);
            text.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);

        return part.MessageType == WebSocketMessageType.Close ? null : JsonSerializer.Deserialize<JsonElement>(Encoding.UTF8.GetString(text.ToArray()));
    }

    /// <summary>Listens, while time passes, until a message is the one.</summary>
    public async Task<JsonElement> HearAsync(WebSocket socket, Func<JsonElement, bool> isIt, string what)
    {
        JsonElement? found = null;
        var listening = Task.Run(async () =>
        {
            while (found is null && await HearAsync(socket) is { } message)
            {
                found = isIt(message) ? message : null;
            }
        });
        await gateway.AdvanceUntilAsync(() => listening.IsCompleted, what);
        await listening;
        return found ?? throw new EndOfStreamException("The socket ended before: " + what);
    }

    public void Dispose() => Http.Dispose();
}
