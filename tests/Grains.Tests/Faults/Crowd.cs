using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Counter.Grains.Tests.Faults;

/// <summary>Viewers of one gateway, spread over the pages of a site, each a browser of its own with one stream.</summary>
internal sealed class Crowd(Uri gateway) : IDisposable
{
    /// <summary>The site they look at.</summary>
    public const string Site = "example.com";

    /// <summary>The address that all of them have; nobody else has it.</summary>
    public const string Address = "127.94.12.201";

    private const int Pages = 20;
    private const int AtOnce = 32;

    private static int people;

    private readonly Lock gate = new();
    private readonly List<(Socket Socket, int Page)> present = [];
    private int lost;

    /// <summary>Those whose streams are open as far as they know.</summary>
    public int Present
    {
        get
        {
            lock (gate)
            {
                return present.Count;
            }
        }
    }

    /// <summary>Those of them on the page <c>/0</c>.</summary>
    public int OnFirstPage
    {
        get
        {
            lock (gate)
            {
                return present.Count(viewer => viewer.Page == 0);
            }
        }
    }

    /// <summary>Streams that ended and were not meant to.</summary>
    public int Lost => Volatile.Read(ref lost);

    /// <summary>What the browser of each calls itself, from 1 on.</summary>
    public static string Agent(int number) => string.Create(CultureInfo.InvariantCulture, $"Mozilla/5.0 ({number})");

    /// <summary>So many come, and are there when this ends.</summary>
    public Task ComeAsync(int count, CancellationToken cancellationToken) => Parallel.ForAsync(
        0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (i, stop) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            lock (gate)
            {
                present.Add((socket, i % Pages));
            }

            socket.Bind(new IPEndPoint(IPAddress.Parse(Address), 0));
            await socket.ConnectAsync(gateway.Host, gateway.Port, stop);
            var number = Interlocked.Increment(ref people);
            await socket.SendAsync(
                Encoding.ASCII.GetBytes(
                    $"GET /online/events HTTP/1.1\r\nHost: {gateway.Authority}\r\nReferer: http://{Site}/{i % Pages}\r\nUser-Agent: {Agent(number)}\r\n\r\n"),
                stop);
            var buffer = new byte[512];
            if (await socket.ReceiveAsync(buffer, stop) == 0)
            {
                throw new IOException("A stream ended before it began.");
            }

            // Owned by the socket, which ends it when it is disposed.
            _ = ReadAsync(socket, buffer);
        });

    /// <summary>So many go.</summary>
    public void Go(int count)
    {
        List<(Socket Socket, int Page)> going;
        lock (gate)
        {
            going = present[..count];
            present.RemoveRange(0, count);
        }

        foreach (var (socket, _) in going)
        {
            socket.Dispose();
        }
    }

    public void Dispose() => Go(Present);

    private async Task ReadAsync(Socket socket, byte[] buffer)
    {
        try
        {
            while (await socket.ReceiveAsync(buffer) > 0)
            {
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended.
        }

        lock (gate)
        {
            lost += present.Any(viewer => viewer.Socket == socket) ? 1 : 0;
        }
    }
}
