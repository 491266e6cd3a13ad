using System.Net.Sockets;
using System.Text;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>Connections that ask for nothing are limited too: 2,000 more than streams.</summary>
public sealed class ConnectionLimitTests : IAsyncLifetime
{
    private const int Most = 2001;

    private readonly List<Socket> open = [];
    private RunningGateway gateway = null!;

    public async ValueTask InitializeAsync() => gateway = await RunningGateway.StartAsync("--Limits:Streams=1");

    public async ValueTask DisposeAsync()
    {
        open.ForEach(socket => socket.Dispose());
        await gateway.DisposeAsync();
    }

    [Fact]
    public async Task One_connection_more_is_cut_until_another_closes()
    {
        for (var i = 0; i < Most; i++)
        {
            open.Add(await ConnectAsync());
        }

        await Wait.UntilAsync(async () => !await IsAnsweredAsync(), "the limit to be reached");
        Assert.All(open, socket => Assert.False(socket.Poll(0, SelectMode.SelectRead), "Nobody who was let in is cut."));
        open[0].Dispose();
        open.RemoveAt(0);
        await Wait.UntilAsync(IsAnsweredAsync, "the place of who left");
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
            return await socket.ReceiveAsync(new byte[16]) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
