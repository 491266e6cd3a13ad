using System.Globalization;
using System.Net.Http.Headers;
using Counter.Gateway.Tests.Support;

namespace Counter.Gateway.Tests.Relay;

/// <summary>A browser that may speak TLS and HTTP/2, over one connection for all that it watches.</summary>
internal sealed class Browser : IDisposable
{
    private readonly Version version;
    private readonly HttpClient client;

    public Browser(RunningGateway gateway, Version version)
    {
        this.version = version;
        var handler = new SocketsHttpHandler { UseCookies = false, EnableMultipleHttp2Connections = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        client = new HttpClient(handler) { BaseAddress = gateway.Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public Task<byte[]> PictureAsync() => client.GetByteArrayAsync("/preview.jpg?n=1");

    public async Task PublishAsync(string channel, byte[] picture)
    {
        using var content = new ByteArrayContent(picture);
        using var request = Request(HttpMethod.Put, "/relay/" + channel);
        request.Content = content;
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", RunningGateway.OperatorKey);
        using var answer = await client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    public async Task<HttpResponseMessage> WatchAsync(string channel)
    {
        using var request = Request(HttpMethod.Get, $"/relay/{channel}.mjpeg");
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async Task<int> CountAsync(string channel) =>
        int.Parse(await client.GetStringAsync($"/online.txt?site=relay&page=/{channel}"), CultureInfo.InvariantCulture);

    public void Dispose() => client.Dispose();

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Add("User-Agent", "Mozilla/5.0");
        request.Headers.Add("Sec-Fetch-Dest", "image");
        return request;
    }
}
