using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Counter.Gateway.Operations;
using Microsoft.AspNetCore.Connections;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>What the server writes to a socket, and when its flushes end.</summary>
public sealed class SocketOutputTests : IDisposable
{
    // More than the buffers of two sockets take.
    private const int Large = 32 * 1024 * 1024;

    private readonly Socket server;
    private readonly Socket client = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly DefaultConnectionContext connection = new();
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SocketOutput output;

    public SocketOutputTests()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        listener.Listen();
        client.Connect(listener.LocalEndPoint!);
        server = listener.Accept();
        server.Blocking = false;

        // As the server's own connections.
        connection.ConnectionClosed.Register(() =>
        {
            server.Dispose();
            closed.SetResult();
        });
        output = new SocketOutput(server, connection);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        client.Dispose();
        server.Dispose();
    }

    [Fact]
    public async Task A_small_flush_ends_at_once()
    {
        output.Write("one "u8);
        Assert.True(Flush().IsCompletedSuccessfully);
        Assert.True(output.WriteAsync("two "u8.ToArray(), Cancelled).AsTask().IsCompletedSuccessfully);
        output.Write("three "u8);
        Assert.Equal(6, output.UnflushedBytes);
        Assert.True(output.WriteAsync("four"u8.ToArray(), Cancelled).AsTask().IsCompletedSuccessfully);
        Assert.Equal(0, output.UnflushedBytes);
        Assert.Equal("one two three four"u8.ToArray(), await ReceiveAsync(18));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_flush_ends_when_the_kernel_has_all_bytes(bool isCopied)
    {
        var bytes = new byte[Large];
        Random.Shared.NextBytes(bytes);
        if (isCopied)
        {
            output.Write(bytes);
        }

        var flushing = isCopied ? Flush() : output.WriteAsync(bytes, Cancelled).AsTask();
        Assert.False(flushing.IsCompleted);
        Assert.Equal(bytes, await ReceiveAsync(Large));
        Assert.False((await flushing).IsCompleted);
    }

    [Fact]
    public async Task A_flush_to_a_client_that_has_left_ends_the_connection()
    {
        output.Write(new byte[Large]);
        var flushing = Flush();
        client.Close(timeout: 0);
        Assert.True((await flushing).IsCompleted);
        await closed.Task.WaitAsync(Cancelled);
        output.Write("more"u8);
        Assert.True((await output.FlushAsync(Cancelled)).IsCompleted);
    }

    [Fact]
    public async Task A_cancelled_flush_ends_the_connection()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        output.Write(new byte[Large]);
        var flushing = output.FlushAsync(patience.Token).AsTask();
        Assert.False(flushing.IsCompleted);
        await patience.CancelAsync();
        Assert.True((await flushing).IsCompleted);
        await closed.Task.WaitAsync(Cancelled);
    }

    private Task<FlushResult> Flush() => output.FlushAsync(Cancelled).AsTask();

    private async Task<byte[]> ReceiveAsync(int count)
    {
        var bytes = new byte[count];
        await using var stream = new NetworkStream(client);
        await stream.ReadExactlyAsync(bytes, Cancelled);
        return bytes;
    }
}
