using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Counter.Load;

/// <summary>One stream. Counts its frames and records the time of the last one.</summary>
/// <param name="path">The path of the stream.</param>
/// <param name="contentType">The content type of its frames.</param>
internal sealed class Viewer(string path = "/online.png?site=load.example&page=/", string contentType = "image/png") : IDisposable
{
    private readonly byte[] nextPart = Encoding.ASCII.GetBytes($"--counter-frame\r\nContent-Type: {contentType}\r\n\r\n");
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] buffer = new byte[32_768];
    private int kept;

    /// <summary>The complete frames received. Starts at -1, because the header before the first frame counts too.</summary>
    public int Frames { get; private set; } = -1;

    /// <summary>The bytes received, including headers.</summary>
    public long Bytes { get; private set; }

    /// <summary>The time of the last frame (<see cref="Stopwatch.GetTimestamp"/>).</summary>
    public long LastFrame { get; private set; }

    /// <summary>Whether the stream has ended.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Opens the stream, which is read until this is disposed.</summary>
    /// <param name="gateway">The address of the gateway.</param>
    /// <param name="number">The number of the stream and its visitor. Every 20,000 streams use another loopback address, because the ports of one run out.</param>
    public async Task OpenAsync(Uri gateway, int number)
    {
        socket.Bind(new IPEndPoint(new IPAddress([127, 0, 1, (byte)(1 + number / 20_000)]), 0));
        await socket.ConnectAsync(gateway.Host, gateway.Port);
        var request = $"GET {path} HTTP/1.1\r\nHost: {gateway.Authority}\r\nUser-Agent: Mozilla/5.0 load {number}\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        _ = ReadAsync();
    }

    public void Dispose() => socket.Dispose();

    private async Task ReadAsync()
    {
        try
        {
            int length;
            while ((length = await socket.ReceiveAsync(buffer.AsMemory(kept))) > 0)
            {
                Bytes += length;
                Scan(buffer.AsSpan(0, kept + length));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The run has ended.
        }

        HasEnded = true;
    }

    private void Scan(Span<byte> bytes)
    {
        for (int at; (at = bytes.IndexOf(nextPart)) >= 0; bytes = bytes[(at + nextPart.Length)..])
        {
            Frames++;
            LastFrame = Stopwatch.GetTimestamp();
        }

        // The rest of a header may be in the next bytes.
        kept = Math.Min(bytes.Length, nextPart.Length - 1);
        bytes[^kept..].CopyTo(buffer);
    }
}
