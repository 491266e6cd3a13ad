using System.Buffers.Binary;
using System.Net.Security;
using System.Text;

namespace Counter.Attack.Attackers;

/// <summary>An HTTP/2 connection over TLS (RFC 9113) that sends frames that a correct client never sends.</summary>
internal sealed class Http2Connection(Stream stream) : IAsyncDisposable
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte Reset = 3;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte GoAway = 7;
    public const byte WindowUpdate = 8;
    public const byte Continuation = 9;

    public const byte EndStream = 1;
    public const byte EndHeaders = 4;

    private const int HeadLength = 9;
    private const byte Acknowledged = 1;
    private static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    private readonly SemaphoreSlim writing = new(1);

    /// <summary>Connects and sends only the preface.</summary>
    public static async Task<Http2Connection> BeginAsync(Target target, int number, int buffer, CancellationToken over)
    {
        var connection = new Http2Connection(await target.ConnectSecurelyAsync(number, SslApplicationProtocol.Http2, buffer, over));
        await connection.WriteAsync(Preface, over);
        return connection;
    }

    /// <summary>Connects and sends the preface and settings.</summary>
    /// <param name="target">The gateway.</param>
    /// <param name="number">The number of the client.</param>
    /// <param name="window">The initial window of each stream in bytes.</param>
    /// <param name="over">Cancels the connection attempt.</param>
    /// <param name="buffer">The receive buffer of the socket in bytes; 0 for the default.</param>
    public static async Task<Http2Connection> OpenAsync(Target target, int number, int window, CancellationToken over, int buffer = 0)
    {
        var connection = await BeginAsync(target, number, buffer, over);

        // Disables the dynamic table, so each response contains its status itself.
        byte[] settings = [0, 1, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(settings.AsSpan(8), window);
        await connection.WriteAsync(Frame(Settings, 0, 0, settings), over);
        return connection;
    }

    /// <summary>Makes a frame.</summary>
    public static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[HeadLength + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8 | type);
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(HeadLength));
        return frame;
    }

    /// <summary>Makes a frame with a number as payload: the code of a reset or the bytes of a window update.</summary>
    public static byte[] Frame(byte type, int stream, int number)
    {
        Span<byte> payload = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, number);
        return Frame(type, 0, stream, payload);
    }

    /// <summary>Makes the headers of a request, with literals without indexing (RFC 7541).</summary>
    public static byte[] Request(Target target, int stream, string path, bool isForm = false, byte flags = EndHeaders | EndStream)
    {
        // :method GET or POST, :scheme https, :path, :authority, user-agent, content-type.
        List<byte> block = [(byte)(isForm ? 0x83 : 0x82), 0x87, 0x04, .. Text(path), 0x01, .. Text(target.Secure.Authority), 0x0F, 0x2B, .. Text("Mozilla/5.0 attack")];
        if (isForm)
        {
            block.AddRange([0x0F, 0x10, .. Text("application/x-www-form-urlencoded")]);
        }

        return Frame(Headers, flags, stream, block.ToArray());
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> frames, CancellationToken over)
    {
        await writing.WaitAsync(over);
        try
        {
            await stream.WriteAsync(frames, over);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Reads a frame and acknowledges settings and pings.</summary>
    /// <exception cref="IOException">The gateway has closed the connection.</exception>
    public async Task<(byte Type, int Stream, byte[] Payload)> ReadAsync(CancellationToken over)
    {
        var head = new byte[HeadLength];
        await stream.ReadExactlyAsync(head, over);
        var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >>> 8];
        await stream.ReadExactlyAsync(payload, over);
        if (head[3] is Settings or Ping && (head[4] & Acknowledged) == 0)
        {
            await WriteAsync(Frame(head[3], Acknowledged, 0, head[3] == Ping ? payload : []), over);
        }

        return (head[3], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
    }

    /// <summary>Reads until the gateway closes the connection, and counts statuses and error codes.</summary>
    public async Task ReadToEndAsync(Action<string> count, CancellationToken over, Action<int>? answered = null)
    {
        while (true)
        {
            var (type, id, payload) = await ReadAsync(over);
            switch (type)
            {
                case Headers:
                    count(Status(payload));
                    answered?.Invoke(id);
                    break;
                case Reset:
                    count($"RST_STREAM {BinaryPrimitives.ReadInt32BigEndian(payload)}");
                    break;
                case GoAway:
                    count($"GOAWAY {BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(4))}");
                    break;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        writing.Dispose();
    }

    /// <summary>Encodes the length of a text, as an integer with a 7-bit prefix (RFC 7541, 5.1), and the text.</summary>
    private static byte[] Text(string text)
    {
        var rest = text.Length - 127;
        return rest < 0 ? [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)]
            : rest < 128 ? [127, (byte)rest, .. Encoding.ASCII.GetBytes(text)]
            : [127, (byte)(rest % 128 + 128), (byte)(rest / 128), .. Encoding.ASCII.GetBytes(text)];
    }

    /// <summary>Reads the status: the first field, after updates of the table size.</summary>
    private static string Status(ReadOnlySpan<byte> block)
    {
        while (block is [var first, ..] && (first & 0xE0) == 0x20)
        {
            block = block[1..];
        }

        return block switch
        {
            [>= 0x88 and <= 0x8E, ..] => new[] { "200", "204", "206", "304", "400", "404", "500" }[block[0] - 0x88],
            [0x08 or 0x18 or 0x48, 3, ..] => Encoding.ASCII.GetString(block.Slice(2, 3)),
            _ => "unknown status",
        };
    }
}
