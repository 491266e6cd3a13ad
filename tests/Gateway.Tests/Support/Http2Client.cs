using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Counter.Gateway.Tests.Support;

/// <summary>An HTTP/2 client that sends and reads single frames (RFC 9113), so it can send a request and read nothing.</summary>
internal sealed class Http2Client : IDisposable
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte ResetStream = 3;

    private const byte Settings = 4;
    private const byte Ping = 6;
    private const byte WindowUpdate = 8;
    private const byte EndOfStream = 1;
    private const byte EndOfStreamAndHeaders = 5;
    private const byte Acknowledged = 1;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly TcpClient tcp;
    private readonly SslStream stream;
    private int next = 1;

    private Http2Client(TcpClient tcp) => (this.tcp, stream) = (tcp, new SslStream(tcp.GetStream()));

    /// <summary>Connects, and sets the window of each response body in bytes.</summary>
    public static async Task<Http2Client> ConnectAsync(Uri address, int window)
    {
        var tcp = new TcpClient();
        await tcp.ConnectAsync(address.Host, address.Port);
        var client = new Http2Client(tcp);
        await client.stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
        var settings = new byte[6];
        settings[1] = 4;
        BinaryPrimitives.WriteInt32BigEndian(settings.AsSpan(2), window);
        await client.stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        await client.WriteAsync(Settings, flags: 0, id: 0, settings);
        return client;
    }

    /// <summary>Requests a path.</summary>
    /// <returns>The stream's number.</returns>
    public async Task<int> AskAsync(string path)
    {
        var id = next;
        next += 2;
        await WriteAsync(Headers, EndOfStreamAndHeaders, id, [0x82, 0x87, .. Literal(4, path), .. Literal(1, "localhost")]);
        return id;
    }

    /// <summary>Increases the window of a stream.</summary>
    public Task AllowAsync(int stream, int bytes)
    {
        var payload = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, bytes);
        return WriteAsync(WindowUpdate, flags: 0, stream, payload);
    }

    /// <summary>Sends a ping, which makes the server write.</summary>
    public Task PingAsync() => WriteAsync(Ping, flags: 0, id: 0, new byte[8]);

    /// <summary>Reads until a frame of a type and a stream, and acknowledges settings.</summary>
    /// <exception cref="IOException">The connection was closed before the frame.</exception>
    public Task ReadUntilAsync(byte type, int id) => ReadUntilAsync((read, _, of) => read == type && of == id);

    /// <summary>Reads until a stream has ended properly.</summary>
    public Task ReadToEndAsync(int id) => ReadUntilAsync((read, flags, of) => read is Data or Headers && (flags & EndOfStream) != 0 && of == id);

    /// <summary>Reads until the server closes the connection.</summary>
    public async Task WaitUntilClosedAsync()
    {
        try
        {
            while (true)
            {
                await ReadAsync();
            }
        }
        catch (IOException)
        {
            // The connection is closed.
        }
    }

    public void Dispose()
    {
        stream.Dispose();
        tcp.Dispose();
    }

    /// <summary>A header field without indexing, with its name from the static table (RFC 7541, 6.2.2).</summary>
    private static byte[] Literal(byte name, string value) => [name, (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];

    private async Task ReadUntilAsync(Func<byte, byte, int, bool> isLast)
    {
        while (true)
        {
            var (type, flags, id) = await ReadAsync();
            if (type == Settings && (flags & Acknowledged) == 0)
            {
                await WriteAsync(Settings, Acknowledged, id: 0, []);
            }

            if (isLast(type, flags, id))
            {
                return;
            }
        }
    }

    private async Task<(byte Type, byte Flags, int Id)> ReadAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var head = new byte[9];
        await stream.ReadExactlyAsync(head, deadline.Token);
        await stream.ReadExactlyAsync(new byte[head[0] << 16 | head[1] << 8 | head[2]], deadline.Token);
        return (head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)));
    }

    private async Task WriteAsync(byte type, byte flags, int id, byte[] payload)
    {
        byte[] frame = [0, (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, 0, 0, 0, 0, .. payload];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), id);
        await stream.WriteAsync(frame);
    }
}
