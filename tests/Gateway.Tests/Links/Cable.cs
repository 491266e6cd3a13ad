using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Counter.Gateway.Tests.Links;

/// <summary>Carries connections to a gateway, and can be cut, left silent, or made to carry something else.</summary>
internal sealed class Cable : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<(Socket Client, Socket Server)> open = [];
    private volatile bool cut;
    private volatile bool silent;
    private readonly SemaphoreSlim turn = new(1);
    private volatile TaskCompletionSource? held;

    public Cable()
    {
        listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where one end is.</summary>
    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    /// <summary>Where the other end is.</summary>
    public Uri? Gateway { get; set; }

    /// <summary>Connections carried so far.</summary>
    public int Connections => open.Count;

    /// <summary>Breaks what is open and carries nothing more, until it is mended.</summary>
    public void Cut()
    {
        cut = true;
        foreach (var (client, server) in open)
        {
            client.Close();
            server.Close();
        }
    }

    /// <summary>Carries nothing and breaks nothing, as when the process at the other end is stopped.</summary>
    public void FallSilent() => silent = true;

    /// <summary>Keeps back what is on its way, until it is released.</summary>
    public void Hold() => held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Carries on.</summary>
    public void Release() => held?.TrySetResult();

    public void Mend() => (cut, silent) = (false, false);

    /// <summary>Puts bytes into what is on its way from the gateway, between two pieces of it.</summary>
    public void Insert(byte[] bytes)
    {
        turn.Wait();
        try
        {
            foreach (var (client, _) in open.Where(pair => pair.Client.Connected))
            {
                client.Send(bytes);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        Release();
        Cut();
        listener.Dispose();
        turn.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync();
                if (cut || Gateway is null)
                {
                    client.Close();
                    continue;
                }

                var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await server.ConnectAsync(Gateway.Host, Gateway.Port);
                open.Add((client, server));
                _ = CarryAsync(client, server);
                _ = CarryAsync(server, client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(Socket from, Socket to)
    {
        var buffer = new byte[16384];
        try
        {
            int length;
            while ((length = await from.ReceiveAsync(buffer)) > 0)
            {
                await (held?.Task ?? Task.CompletedTask);
                if (!silent)
                {
                    await turn.WaitAsync();
                    try
                    {
                        await to.SendAsync(buffer.AsMemory(0, length));
                    }
                    finally
                    {
                        turn.Release();
                    }
                }
            }

            to.Close();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            to.Close();
        }
    }
}
