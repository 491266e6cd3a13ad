using System.Net;
using System.Text;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>Connections before and after a renewed certificate, with the gateway as a process.</summary>
public sealed class CertificateStreamTests : IDisposable
{
    // What changed is read twice, ten seconds apart.
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("counter-test-");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task Open_streams_continue_and_new_connections_get_the_renewed_certificate()
    {
        var before = Write();
        await using var gateway = await GatewayProcess.StartAsync(
            [IPAddress.Loopback],
            [
                "--Kestrel:Endpoints:Https:Url=https://127.0.0.1:0",
                $"--Kestrel:Endpoints:Https:Certificate:Path={directory.FullName}/tls.pem",
                $"--Kestrel:Endpoints:Https:Certificate:KeyPath={directory.FullName}/tls.key",
            ],
            new Dictionary<string, string>());
        var address = Assert.Single(gateway.Addresses);
        Assert.Equal(before.Thumbprint, (await Handshake.AskAsync(address)).Certificate);
        using var client = Client(address);
        await using var old = await Picture.OpenAsync(client, HttpVersion.Version11, "first");
        await using var multiplexed = await Picture.OpenAsync(client, HttpVersion.Version20, "second");

        var after = Write();
        using var deadline = new CancellationTokenSource(Minute);
        while ((await Handshake.AskAsync(address)).Certificate is var shown && shown != after.Thumbprint)
        {
            // No connection is refused meanwhile, and none gets anything but one of the two.
            Assert.Equal(before.Thumbprint, shown);
            await Task.Delay(TimeSpan.FromMilliseconds(100), deadline.Token);
        }

        // Whoever comes now changes the number, which those who came before are shown.
        for (var visitor = 0; visitor < 3; visitor++)
        {
            var shown = Task.WhenAll(old.WaitForMoreAsync(), multiplexed.WaitForMoreAsync());
            using var newcomer = Client(address);
            await using var another = await Picture.OpenAsync(newcomer, visitor % 2 == 0 ? HttpVersion.Version20 : HttpVersion.Version11, "visitor " + visitor);
            await shown;
        }
    }

    private static HttpClient Client(Uri address)
    {
        var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } };
        return new HttpClient(handler) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    }

    private CertificatePair Write()
    {
        var pair = CertificatePair.Make();
        File.WriteAllText(Path.Combine(directory.FullName, "tls.pem"), pair.Chain);
        File.WriteAllText(Path.Combine(directory.FullName, "tls.key"), pair.Key);
        return pair;
    }

    /// <summary>An open picture, whose frames are counted as they come.</summary>
    private sealed class Picture : IAsyncDisposable
    {
        private const string Boundary = "--counter-frame\r\n";

        private readonly HttpResponseMessage answer;
        private readonly Task reading;
        private int frames;

        private Picture(HttpResponseMessage answer, Stream body)
        {
            this.answer = answer;
            reading = ReadAsync(body);
        }

        /// <summary>Opens it as a browser of its own does.</summary>
        public static async Task<Picture> OpenAsync(HttpClient client, Version version, string agent)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/online.png") { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            request.Headers.Referrer = new Uri("https://example.com/a");
            request.Headers.Add("User-Agent", "Mozilla/5.0 " + agent);
            request.Headers.Add("Sec-Fetch-Dest", "image");
            var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal((HttpStatusCode.OK, version), (answer.StatusCode, answer.Version));
            var picture = new Picture(answer, await answer.Content.ReadAsStreamAsync());
            await picture.WaitForMoreAsync();
            return picture;
        }

        /// <summary>Waits for a frame that has not come yet.</summary>
        public Task WaitForMoreAsync()
        {
            var before = Volatile.Read(ref frames);
            return Wait.UntilAsync(
                () =>
                {
                    Assert.False(reading.IsCompleted, "The stream has ended.");
                    return Volatile.Read(ref frames) > before;
                },
                "another frame");
        }

        public async ValueTask DisposeAsync()
        {
            answer.Dispose();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        private async Task ReadAsync(Stream body)
        {
            var (buffer, text) = (new byte[64 * 1024], "");
            int length;
            while ((length = await body.ReadAsync(buffer)) > 0)
            {
                text += Encoding.Latin1.GetString(buffer, 0, length);
                for (int at; (at = text.IndexOf(Boundary, StringComparison.Ordinal)) >= 0; text = text[(at + Boundary.Length)..])
                {
                    Interlocked.Increment(ref frames);
                }
            }
        }
    }
}
