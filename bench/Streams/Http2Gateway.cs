using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Counter.Streams;

/// <summary>A gateway that serves HTTP/2 over TLS itself, and its viewers. The streams of 100 viewers share a connection.</summary>
internal sealed class Http2Gateway : IDisposable
{
    private const string Password = "bench";

    private readonly string file = Path.GetTempFileName();
    private readonly X509Certificate2 certificate = MakeCertificate();
    private readonly HttpClient http;
    private long frames;

    /// <summary>Starts the gateway.</summary>
    /// <param name="settings">Settings that differ from those of the comparison.</param>
    public Http2Gateway(params (string Name, string Value)[] settings)
    {
        File.WriteAllBytes(file, certificate.Export(X509ContentType.Pfx, Password));
        var gateway = new Gateway(
            "Counter",
            Gateway.Program,
            [("Kestrel__Certificates__Default__Path", file), ("Kestrel__Certificates__Default__Password", Password), .. settings]);
        Server = gateway.Start(ServerProcess.FreePort());
        http = new HttpClient(new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, shown, _, _) => certificate.Equals(shown) },
        })
        {
            BaseAddress = new Uri($"https://{Server.Address}"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>The gateway's process.</summary>
    public ServerProcess Server { get; }

    /// <summary>The frames received on all streams.</summary>
    public long Frames => Interlocked.Read(ref frames);

    /// <summary>Watches a page until it is cancelled.</summary>
    /// <param name="number">The number of the viewer.</param>
    /// <param name="page">The page.</param>
    /// <param name="begun">Called after the first frame.</param>
    /// <param name="cancellationToken">Ends the watching.</param>
    public async Task WatchAsync(int number, string page, Action? begun, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/online.png?site=load.example&page={page}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TryAddWithoutValidation("User-Agent", $"Mozilla/5.0 load/{number}");

        // A frame is small and flushed separately, so each read returns one frame.
        var buffer = new byte[1024];
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            await using var body = await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cancellationToken);
            while (await body.ReadAsync(buffer, cancellationToken) > 0)
            {
                Interlocked.Increment(ref frames);
                begun?.Invoke();
                begun = null;
            }
        }
        catch (OperationCanceledException)
        {
            // The viewer has left.
        }
    }

    public void Dispose()
    {
        http.Dispose();
        Server.Dispose();
        certificate.Dispose();
        File.Delete(file);
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
