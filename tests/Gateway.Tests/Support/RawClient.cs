using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Counter.Gateway.Tests.Support;

/// <summary>An HTTP/1.1 client over a plain socket, so that tests see the exact bytes.</summary>
public sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly TcpClient tcp;

    // The unread bytes from the socket, and the unread bytes of the body after chunk decoding.
    private byte[] wire = [];
    private byte[] body = [];
    private bool chunked;

    private RawClient(TcpClient tcp) => this.tcp = tcp;

    /// <summary>The status line and headers as received.</summary>
    public string Head { get; private set; } = "";

    /// <summary>The received bytes, including headers and chunk framing.</summary>
    public long Received { get; private set; }

    /// <summary>
    /// The received TCP segments with data, as Linux counts them (<c>tcpi_data_segs_in</c> of linux/tcp.h). Equal to the peer's writes while
    /// each is small.
    /// </summary>
    public int Segments
    {
        get
        {
            var info = new byte[256];
            tcp.Client.GetRawSocketOption(6, 11, info);
            return BitConverter.ToInt32(info, 152);
        }
    }

    public int Status => int.Parse(Head.Split(' ')[1], CultureInfo.InvariantCulture);

    public static Task<RawClient> OpenAsync(Uri address, string path, params string[] headers) => OpenAsync(address, IPAddress.Any, path, headers);

    /// <summary>Sends a GET request from one of this machine's addresses and reads the head of the response.</summary>
    public static Task<RawClient> OpenAsync(Uri address, IPAddress from, string path, params string[] headers) =>
        SendAsync(address, $"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\n{string.Concat(headers.Select(h => h + "\r\n"))}\r\n", from);

    /// <summary>Sends a request and reads the head of the response.</summary>
    public static async Task<RawClient> SendAsync(Uri address, string request, IPAddress? from = null)
    {
        var client = await ConnectAsync(address, request, from);
        await client.ReadHeadAsync();
        return client;
    }

    /// <summary>Sends another request over the same connection and reads the head of the response. The last body must be read to its end.</summary>
    public async Task AskAgainAsync(string request)
    {
        body = [];
        await tcp.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request));
        await ReadHeadAsync();
    }

    /// <summary>Sends more of a request.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes) => await tcp.GetStream().WriteAsync(bytes);

    /// <summary>Reads the head of the response after <see cref="ConnectAsync"/>.</summary>
    public async Task<int> ReadStatusAsync()
    {
        await ReadHeadAsync();
        return Status;
    }

    /// <summary>Connects and sends a request, without waiting for the response.</summary>
    public static async Task<RawClient> ConnectAsync(Uri address, string request, IPAddress? from = null)
    {
        var tcp = new TcpClient(new IPEndPoint(from ?? IPAddress.Any, 0));
        await tcp.ConnectAsync(address.Host, address.Port);
        await tcp.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request));
        return new RawClient(tcp);
    }

    /// <summary>Reads the body up to and including a text.</summary>
    public async Task<byte[]> ReadBodyUntilAsync(string end)
    {
        var wanted = Encoding.Latin1.GetBytes(end);
        int at;
        while ((at = body.AsSpan().IndexOf(wanted)) < 0)
        {
            var more = await NextBodyAsync();
            body = more.Length > 0 ? [.. body, .. more] : throw new EndOfStreamException("The body ended before: " + end);
        }

        var taken = body[..(at + wanted.Length)];
        body = body[taken.Length..];
        return taken;
    }

    /// <summary>Reads the preamble before the first frame of the browser profile.</summary>
    public Task<byte[]> ReadPreambleAsync(string contentType = "image/png") => ReadBodyUntilAsync(NextPart(contentType));

    /// <summary>Reads one frame of the browser profile, and the header of the next part, which is sent with it.</summary>
    public async Task<byte[]> ReadFrameAsync(string contentType = "image/png")
    {
        var bytes = await ReadBodyUntilAsync(NextPart(contentType));
        return bytes[..^NextPart(contentType).Length];
    }

    /// <summary>Reads one part of the tool profile, which has its length in its header.</summary>
    public async Task<byte[]> ReadPartAsync()
    {
        var head = Encoding.Latin1.GetString(await ReadBodyUntilAsync("\r\n\r\n"));
        var length = int.Parse(head.Split("Content-Length: ")[1].Split('\r')[0], CultureInfo.InvariantCulture);
        while (body.Length < length)
        {
            body = [.. body, .. await NextBodyAsync()];
        }

        var part = body[..length];
        body = body[length..];
        return part;
    }

    /// <summary>Reads the body to its end.</summary>
    /// <exception cref="IOException">The connection was reset, or cut before the end.</exception>
    public async Task<byte[]> ReadToEndAsync()
    {
        byte[] more;
        while ((more = await NextBodyAsync()).Length > 0)
        {
            body = [.. body, .. more];
        }

        return body;
    }

    /// <summary>Reads a body with a Content-Length.</summary>
    public async Task<byte[]> ReadBodyAsync()
    {
        var length = int.Parse(Head.Split("\r\nContent-Length: ")[1].Split('\r')[0], CultureInfo.InvariantCulture);
        while (body.Length < length)
        {
            body = [.. body, .. await NextBodyAsync()];
        }

        return body;
    }

    /// <summary>Waits until the server closes or resets the connection.</summary>
    public async Task WaitUntilClosedAsync()
    {
        try
        {
            while ((await ReceiveAsync()).Length > 0)
            {
                // Ignores the bytes that were still under way.
            }
        }
        catch (IOException)
        {
            // The server has reset the connection.
        }
    }

    public void Dispose() => tcp.Dispose();

    private static string NextPart(string contentType) => "\r\n--counter-frame\r\nContent-Type: " + contentType + "\r\n\r\n";

    private async Task ReadHeadAsync()
    {
        Head = Encoding.Latin1.GetString(await TakeWireUntilAsync("\r\n\r\n"));
        chunked = Head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Reads one chunk, or the next bytes of a body that is not chunked; empty at the end.</summary>
    private async Task<byte[]> NextBodyAsync()
    {
        if (!chunked)
        {
            var rest = wire.Length > 0 ? wire : await ReceiveAsync();
            wire = [];
            return rest;
        }

        var size = Convert.ToInt32(Encoding.Latin1.GetString(await TakeWireUntilAsync("\r\n")).Trim(), 16);
        await FillWireAsync(size + 2);
        var chunk = wire[..size];
        wire = wire[(size + 2)..];
        return chunk;
    }

    private async Task<byte[]> TakeWireUntilAsync(string end)
    {
        var wanted = Encoding.Latin1.GetBytes(end);
        int at;
        while ((at = wire.AsSpan().IndexOf(wanted)) < 0)
        {
            await FillWireAsync(wire.Length + 1);
        }

        var taken = wire[..(at + wanted.Length)];
        wire = wire[taken.Length..];
        return taken;
    }

    private async Task FillWireAsync(int length)
    {
        while (wire.Length < length)
        {
            var more = await ReceiveAsync();
            wire = more.Length > 0 ? [.. wire, .. more] : throw new IOException("The connection was cut.");
        }
    }

    private async Task<byte[]> ReceiveAsync()
    {
        var buffer = new byte[16384];
        using var deadline = new CancellationTokenSource(Deadline);
        var length = await tcp.GetStream().ReadAsync(buffer, deadline.Token);
        Received += length;
        return buffer[..length];
    }
}
