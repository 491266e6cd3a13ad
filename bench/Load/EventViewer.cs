using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Counter.Load;

/// <summary>Receives the number of a page as server-sent events.</summary>
/// <param name="received">Called with each received number.</param>
internal sealed class EventViewer(Action<int>? received = null) : IDisposable
{
    private static readonly byte[] Before = "\"viewers\":"u8.ToArray();

    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>Sends the request and returns without waiting for the response, which is read until this is disposed.</summary>
    /// <param name="gateway">The address of the gateway.</param>
    /// <param name="query">The page.</param>
    /// <param name="name">A unique name of the visitor. A visitor that opens another page counts as having left the first.</param>
    public async Task OpenAsync(Uri gateway, string query, string name)
    {
        await socket.ConnectAsync(gateway.Host, gateway.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /online/events?{query} HTTP/1.1\r\nHost: {gateway.Authority}\r\nUser-Agent: {name}\r\n\r\n"));
        _ = ReadAsync();
    }

    public void Dispose() => socket.Dispose();

    private async Task ReadAsync()
    {
        var buffer = new byte[2048];
        try
        {
            // An event is far smaller than a segment and is written at once, so it arrives complete.
            for (int length; (length = await socket.ReceiveAsync(buffer)) > 0;)
            {
                var at = buffer.AsSpan(0, length).LastIndexOf(Before);
                if (at >= 0)
                {
                    var digits = Encoding.ASCII.GetString(buffer, at + Before.Length, length - at - Before.Length);
                    received?.Invoke(int.Parse(digits[..digits.IndexOfAny([',', '}'])], CultureInfo.InvariantCulture));
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The viewer has left.
        }
    }
}
