using System.IO.Compression;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace Counter.Gateway.Tests.Support;

/// <summary>Views a live picture as Chromium does: it accepts gzip and inflates bytes as they arrive.</summary>
public sealed class ChromiumViewer : IDisposable
{
    /// <summary>The user agent of Chromium.</summary>
    public const string Agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly HttpClient http;
    private readonly GZipStream body;

    private ChromiumViewer(HttpClient http, HttpResponseMessage answer, GZipStream body) => (this.http, Answer, this.body) = (http, answer, body);

    public HttpResponseMessage Answer { get; }

    /// <summary>Opens a picture over HTTP/1.1 or another version, and moves the clock until it begins.</summary>
    /// <exception cref="InvalidDataException">The response is not compressed.</exception>
    public static async Task<ChromiumViewer> OpenAsync(RunningGateway gateway, string path, Version? version = null, params (string Name, string Value)[] headers)
    {
        var http = new HttpClient(new SocketsHttpHandler
        {
            UseCookies = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Subject == "CN=localhost" },
        })
        {
            BaseAddress = gateway.Address,
            Timeout = Deadline,
        };
        using var request = new HttpRequestMessage(HttpMethod.Get, path)
        {
            Version = version ?? HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        foreach (var (name, value) in headers.Append(("User-Agent", Agent)).Append(("Accept-Encoding", "gzip, deflate, br, zstd")))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var answer = await gateway.BeginAsync(() => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
        return answer.Content.Headers.ContentEncoding.SingleOrDefault() == "gzip"
            ? new ChromiumViewer(http, answer, new GZipStream(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress))
            : throw new InvalidDataException($"{path} is not compressed: {answer}");
    }

    /// <summary>Reads up to and including a text, and no further.</summary>
    /// <returns>The bytes before the text.</returns>
    public async Task<byte[]> ReadUntilAsync(string end)
    {
        var wanted = Encoding.ASCII.GetBytes(end);
        var read = new List<byte>();
        var one = new byte[1];
        using var deadline = new CancellationTokenSource(Deadline);
        while (!CollectionsMarshal.AsSpan(read).EndsWith(wanted))
        {
            await body.ReadExactlyAsync(one, deadline.Token);
            read.Add(one[0]);
        }

        return [.. read.Take(read.Count - wanted.Length)];
    }

    /// <summary>Reads a frame, or the preamble before the first, and the header of the next part.</summary>
    public Task<byte[]> ReadFrameAsync(string type) => ReadUntilAsync($"\r\n--counter-frame\r\nContent-Type: {type}\r\n\r\n");

    /// <summary>Reads to the end of the response.</summary>
    /// <exception cref="InvalidDataException">The checksum or the length is wrong.</exception>
    public async Task<byte[]> ReadToEndAsync()
    {
        using var rest = new MemoryStream();
        await body.CopyToAsync(rest).WaitAsync(Deadline);
        return rest.ToArray();
    }

    public void Dispose()
    {
        body.Dispose();
        Answer.Dispose();
        http.Dispose();
    }
}
