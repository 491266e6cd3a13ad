using System.Net;
using System.Net.Sockets;

namespace Counter.Grains.Tests.Faults;

/// <summary>
/// Carries connections to the database. While it holds, bytes stop on their way and nothing is closed, as when a network is cut; when it
/// is let go they arrive, as TCP would send them again.
/// </summary>
internal sealed class Wire : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly int target;
    private volatile TaskCompletionSource open = Opened();

    /// <param name="target">The port on loopback that it leads to.</param>
    public Wire(int target)
    {
        this.target = target;
        listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The port on loopback where it begins.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Hold() => open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void LetGo() => open.TrySetResult();

    public void Dispose()
    {
        end.Cancel();
        listener.Dispose();
        end.Dispose();
    }

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await listener.AcceptSocketAsync(end.Token), end.Token);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(Socket client, CancellationToken cancellationToken)
    {
        using (client)
        {
            try
            {
                await open.Task.WaitAsync(cancellationToken);
                using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await server.ConnectAsync(IPAddress.Loopback, target, cancellationToken);
                await Task.WhenAny(CopyAsync(client, server, cancellationToken), CopyAsync(server, client, cancellationToken));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The database is away, or the test is over.
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to, CancellationToken cancellationToken)
    {
        var buffer = new byte[16384];
        try
        {
            int length;
            do
            {
                length = await from.ReceiveAsync(buffer, cancellationToken);
                await open.Task.WaitAsync(cancellationToken);
                await to.SendAsync(buffer.AsMemory(0, length), cancellationToken);
            }
            while (length > 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One end is closed, and then the other is to be.
        }
    }
}
