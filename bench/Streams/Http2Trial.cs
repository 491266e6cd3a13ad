using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Counter.Streams;

/// <summary>What a frame costs the gateway over HTTP/2 and TLS, which it serves itself: the streams of 100 viewers share a connection.</summary>
internal sealed class Http2Trial(int viewers, int seconds)
{
    private const int ChangesPerSecond = 10;
    private const int WarmUpSeconds = 15;
    private const string Password = "bench";

    private long frames;

    /// <summary><c>http2 --viewers 1000 --rounds 5</c></summary>
    public static Command Command()
    {
        var viewers = new Option<int>("--viewers") { Description = "Streams of one page.", DefaultValueFactory = _ => 1000 };
        var seconds = new Option<int>("--seconds") { Description = "How long CPU time is measured.", DefaultValueFactory = _ => 10 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds; the median is printed.", DefaultValueFactory = _ => 5 };
        var command = new Command("http2", "Measures the gateway over HTTP/2 and TLS, for both protocols over plain TCP see the comparison.") { viewers, seconds, rounds };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var times = new List<double>();
            for (var round = 0; round < parsed.GetValue(rounds); round++)
            {
                times.Add(await new Http2Trial(parsed.GetValue(viewers), parsed.GetValue(seconds)).RunAsync(cancellationToken));
            }

            times.Sort();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"HTTP/2 over TLS, {parsed.GetValue(viewers)} viewers: {times[times.Count / 2]:0.0} s of CPU a million frames ({times[0]:0.0}-{times[^1]:0.0})"));
        });
        return command;
    }

    private async Task<double> RunAsync(CancellationToken cancellationToken)
    {
        var file = Path.GetTempFileName();
        using var certificate = MakeCertificate();
        await File.WriteAllBytesAsync(file, certificate.Export(X509ContentType.Pfx, Password), cancellationToken);
        try
        {
            var gateway = new Gateway(
                "Counter", Gateway.Program, ("Kestrel__Certificates__Default__Path", file), ("Kestrel__Certificates__Default__Password", Password));
            using var server = gateway.Start(ServerProcess.FreePort());
            using var handler = new SocketsHttpHandler
            {
                EnableMultipleHttp2Connections = true,
                SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, shown, _, _) => certificate.Equals(shown) },
            };
            using var http = new HttpClient(handler)
            {
                BaseAddress = new Uri($"https://{server.Address}"),
                DefaultRequestVersion = HttpVersion.Version20,
                DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Timeout = Timeout.InfiniteTimeSpan,
            };
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var open = Enumerable.Range(0, viewers).Select(number => WatchAsync(http, number, over.Token)).ToArray();
            await ChangeAsync(http, WarmUpSeconds, cancellationToken);
            var (cpu, came) = (server.CpuSeconds, Interlocked.Read(ref frames));
            await ChangeAsync(http, seconds, cancellationToken);
            var each = (server.CpuSeconds - cpu) / (Interlocked.Read(ref frames) - came) * 1e6;
            await over.CancelAsync();
            await Task.WhenAll(open);
            return each;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task ChangeAsync(HttpClient http, int time, CancellationToken cancellationToken)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed.TotalSeconds < time;)
        {
            using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var joined = WatchAsync(http, viewers, leave.Token);
            await Task.Delay(1000 / ChangesPerSecond, cancellationToken);
            await leave.CancelAsync();
            await joined;
            await Task.Delay(1000 / ChangesPerSecond, cancellationToken);
        }
    }

    /// <summary>Reads until told to stop. A frame is small and flushed by itself, so what comes at once is one.</summary>
    private async Task WatchAsync(HttpClient http, int number, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/online.png?site=load.example&page=/") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.TryAddWithoutValidation("User-Agent", $"Mozilla/5.0 load/{number}");
        var buffer = new byte[4096];
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            while (await body.ReadAsync(buffer, cancellationToken) > 0)
            {
                Interlocked.Increment(ref frames);
            }
        }
        catch (OperationCanceledException)
        {
            // The viewer leaves.
        }
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
