using System.Net;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Streaming;

/// <summary>HTTPS and HTTP/2, set up by Kestrel's own configuration.</summary>
public sealed class Http2Tests : IAsyncLifetime
{
    private readonly Certificate certificate = new();
    private RunningGateway gateway = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => gateway = await RunningGateway.StartAsync(certificate.Settings);

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        certificate.Dispose();
    }

    [Fact]
    public async Task Twenty_streams_of_one_connection_get_the_change_and_the_end()
    {
        const int Streams = 20;
        using var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        using var client = new HttpClient(handler) { BaseAddress = gateway.Address, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var opening = Task.WhenAll(Enumerable.Range(0, Streams).Select(async _ =>
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/online.png?site=example.com&page=/a&watch=1") { Version = HttpVersion.Version20 };
            request.Headers.Add("Sec-Fetch-Dest", "image");
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        }));
        await gateway.AdvanceUntilAsync(() => opening.IsCompleted, "all streams to be open");
        var answers = await opening;
        var last = await client.GetByteArrayAsync("/preview.png?n=1&stale=1", Cancelled);
        var one = await client.GetByteArrayAsync("/preview.png?n=1", Cancelled);
        var bodies = answers.Select(answer => answer.Content.ReadAsByteArrayAsync(Cancelled)).ToArray();
        var counted = client.GetAsync("/online/events?site=example.com&page=/a", HttpCompletionOption.ResponseHeadersRead, Cancelled);
        await gateway.AdvanceUntilAsync(() => counted.IsCompleted, "the viewer to be there");
        using var viewer = await counted;
        gateway.Clock.Advance(TimeSpan.FromMilliseconds(100));
        await gateway.StopAsync();
        foreach (var body in await Task.WhenAll(bodies))
        {
            Assert.True(body.AsSpan().IndexOf(one) > 0, "the change was shown");
            Assert.True(body.AsSpan().EndsWith([.. last, .. "\r\n--counter-frame--\r\n"u8]), "the last frame fills the open part");
        }

        foreach (var answer in answers)
        {
            Assert.Equal(HttpVersion.Version20, answer.Version);
            answer.Dispose();
        }
    }
}
