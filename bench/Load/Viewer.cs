using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Counter.Load;

/// <summary>One stream: counts the frames that come and remembers when the last one did.</summary>
internal sealed class Viewer : IDisposable
{
    private static readonly byte[] NextPart = Encoding.ASCII.GetBytes("--counter-frame\r\nContent-Type: image/png\r\n\r\n");

    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] buffer = new byte[8192];
    private int matched;

    /// <summary>Frames that came whole. The header before the first one is not one.</summary>
    public int Frames { get; private set; } = -1;

    /// <summary>Bytes that came, headers included.</summary>
    public long Bytes { get; private set; }

    /// <summary>When the last frame came (<see cref="Stopwatch.GetTimestamp"/>).</summary>
    public long LastFrame { get; private set; }

    /// <summary>Opens the stream; its reading goes on until it is disposed.</summary>
    /// <param name="gateway">Where.</param>
    /// <param name="number">Gives it a loopback address of its own for each 20,000 streams, since ports run out.</param>
    public async Task OpenAsync(Uri gateway, int number)
    {
        socket.Bind(new IPEndPoint(new IPAddress([127, 0, 1, (byte)(1 + number / 20_000)]), 0));
        await socket.ConnectAsync(gateway.Host, gateway.Port);
        var request = $"GET /online.png?site=load.example&page=/ HTTP/1.1\r\nHost: {gateway.Authority}\r\nUser-Agent: Mozilla/5.0 load\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        _ = ReadAsync();
    }

    public void Dispose() => socket.Dispose();

    private async Task ReadAsync()
    {
        try
        {
            int length;
            while ((length = await socket.ReceiveAsync(buffer.AsMemory())) > 0)
            {
                Bytes += length;
                Scan(buffer.AsSpan(0, length));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The run is over.
        }
    }

    private void Scan(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            matched = b == NextPart[matched] ? matched + 1 : b == NextPart[0] ? 1 : 0;
            if (matched == NextPart.Length)
            {
                matched = 0;
                Frames++;
                LastFrame = Stopwatch.GetTimestamp();
            }
        }
    }
}
