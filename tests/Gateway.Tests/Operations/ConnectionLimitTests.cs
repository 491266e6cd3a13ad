using System.Net.Sockets;
using System.Text;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>Idle connections are limited too: 2,000 more than streams.</summary>
public sealed class ConnectionLimitTests : IAsyncLifetime
{
    private const int Most = 2001;

    private readonly List<Socket> open = [];
    private readonly LogRecorder log = new();
    private RunningGateway gateway = null!;

    public async ValueTask InitializeAsync() => gateway = await RunningGateway.StartAsync(log, "--Limits:Streams=1");

    public async ValueTask DisposeAsync()
    {
        open.ForEach(socket => socket.Dispose());
        await gateway.DisposeAsync();
    }

    [Fact]
    public async Task A_connection_over_the_limit_is_closed()
    {
        await Wait.UntilAsync(
            async () =>
            {
                // Which of the last is the one too many is up to the order in which the server sees them.
                open.RemoveAll(IsCut);
                while (open.Count < Most)
                {
                    open.Add(await ConnectAsync());
                }

                return !await IsAnsweredAsync() && !open.Exists(IsCut);
            },
            "the limit to be reached");
        Assert.Single(log.Lines, line => line.Text.Contains($"There are {Most} connections", StringComparison.Ordinal));
        open[0].Dispose();
        open.RemoveAt(0);
        await Wait.UntilAsync(IsAnsweredAsync, "the place of who left");
    }

    private static bool IsCut(Socket socket)
    {
        if (!socket.Poll(0, SelectMode.SelectRead))
        {
            return false;
        }

        socket.Dispose();
        return true;
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(gateway.Address.Host, gateway.Address.Port);
        return socket;
    }

    /// <summary>Whether a new connection is served.</summary>
    private async Task<bool> IsAnsweredAsync()
    {
        try
        {
            using var socket = await ConnectAsync();
            await socket.SendAsync(Encoding.ASCII.GetBytes("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
            using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            return await socket.ReceiveAsync(new byte[16], enough.Token) > 0;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
