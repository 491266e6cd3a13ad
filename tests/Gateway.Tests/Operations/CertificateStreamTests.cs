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
        await using var old = await Picture.OpenAsync(address, HttpVersion.Version11, "first");
        await using var multiplexed = await Picture.OpenAsync(address, HttpVersion.Version20, "second");

        var after = Write();
        using var deadline = new CancellationTokenSource(Minute);
        while ((await Handshake.AskAsync(address)).Certificate is var shown && shown != after.Thumbprint)
        {
            // No connection is refused meanwhile, and none gets anything but one of the two.
            Assert.Equal(before.Thumbprint, shown);
            await Task.Delay(TimeSpan.FromMilliseconds(100), deadline.Token);
        }

        // Whoever comes now changes the number, which those who came before are shown. Who left could make room for who comes, and nothing would change.
        await using var third = await ComeAsync(HttpVersion.Version20, "third");
        await using var fourth = await ComeAsync(HttpVersion.Version11, "fourth");
        await using var fifth = await ComeAsync(HttpVersion.Version20, "fifth");

        async Task<Picture> ComeAsync(Version version, string agent)
        {
            var shown = Task.WhenAll(old.WaitForMoreAsync(), multiplexed.WaitForMoreAsync());
            var newcomer = await Picture.OpenAsync(address, version, agent);
            await shown;
            return newcomer;
        }
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

        private readonly HttpClient client;
        private readonly HttpResponseMessage answer;
        private readonly Task reading;
        private int frames;

        private Picture(HttpClient client, HttpResponseMessage answer, Stream body)
        {
            (this.client, this.answer) = (client, answer);
            reading = ReadAsync(body);
        }

        /// <summary>Opens it as a browser of its own does.</summary>
        public static async Task<Picture> OpenAsync(Uri address, Version version, string agent)
        {
            var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } };
            var client = new HttpClient(handler) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
            using var request = new HttpRequestMessage(HttpMethod.Get, "/online.png") { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            request.Headers.Referrer = new Uri("https://example.com/a");
            request.Headers.Add("User-Agent", "Mozilla/5.0 " + agent);
            request.Headers.Add("Sec-Fetch-Dest", "image");
            var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal((HttpStatusCode.OK, version), (answer.StatusCode, answer.Version));
            var picture = new Picture(client, answer, await answer.Content.ReadAsStreamAsync());
            await picture.WaitForMoreAsync(than: 0);
            return picture;
        }

        /// <summary>Waits for a frame that has not come yet.</summary>
        public Task WaitForMoreAsync() => WaitForMoreAsync(Volatile.Read(ref frames));

        public async ValueTask DisposeAsync()
        {
            answer.Dispose();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            client.Dispose();
        }

        private Task WaitForMoreAsync(int than) => Wait.UntilAsync(
            () =>
            {
                Assert.False(reading.IsCompleted, "The stream has ended.");
                return Volatile.Read(ref frames) > than;
            },
            "another frame");

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
