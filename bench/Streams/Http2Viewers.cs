using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;

namespace Counter.Streams;

/// <summary>Viewers over HTTP/2 and TLS.</summary>
/// <param name="server">The address of the server.</param>
/// <param name="certificate">The certificate of the server.</param>
internal sealed class Http2Viewers(IPEndPoint server, Certificate certificate) : IDisposable
{
    // As Chromium has it.
    private const int Window = 6 * 1024 * 1024;

    private readonly ConcurrentDictionary<int, HttpClient> connections = [];
    private long frames;
    private int answered;

    /// <summary>The frames received on all streams.</summary>
    public long Frames => Interlocked.Read(ref frames);

    /// <summary>The streams whose response has begun.</summary>
    public int Answered => Volatile.Read(ref answered);

    /// <summary>Watches a page until it is cancelled.</summary>
    /// <param name="connection">The number of the connection. It opens with its first stream.</param>
    /// <param name="browser">The number of the browser, for its user agent.</param>
    /// <param name="query">What follows the site in the address of the picture.</param>
    /// <param name="begun">Called when the first bytes have come.</param>
    /// <param name="cancellationToken">Ends the watching.</param>
    /// <exception cref="InvalidOperationException">The server ended the stream.</exception>
    public async Task WatchAsync(int connection, int browser, string query, Action? begun, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/online.png?site=load.example&{query}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TryAddWithoutValidation("User-Agent", $"Mozilla/5.0 load/{browser}");

        // The buffer has room for one frame: there are very many buffers.
        var buffer = new byte[1024];
        try
        {
            using var answer = await connections.GetOrAdd(connection, _ => Connect()).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            await using var body = await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cancellationToken);
            Interlocked.Increment(ref answered);
            for (int kept = 0, length; (length = await body.ReadAsync(buffer.AsMemory(kept), cancellationToken)) > 0;)
            {
                // The rest of a marker may come with the next bytes.
                var bytes = buffer.AsSpan(0, kept + length);
                Interlocked.Add(ref frames, bytes.Count(Contender.Marker));
                kept = Math.Min(bytes.Length, Contender.Marker.Length - 1);
                bytes[^kept..].CopyTo(buffer);
                begun?.Invoke();
                begun = null;
            }

            throw new InvalidOperationException("The server ended a stream.");
        }
        catch (OperationCanceledException)
        {
            // The viewer has left.
        }
    }

    public void Dispose()
    {
        foreach (var connection in connections.Values)
        {
            connection.Dispose();
        }
    }

    private HttpClient Connect() => new(new SocketsHttpHandler
    {
        InitialHttp2StreamWindowSize = Window,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, shown, _, _) => certificate.Is(shown) },
    })
    {
        BaseAddress = new Uri($"https://{server}"),
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
