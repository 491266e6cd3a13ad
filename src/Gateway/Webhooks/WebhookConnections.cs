using System.Net;
using System.Net.Sockets;
using Counter.Gateway.Network;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Webhooks;

/// <summary>Finds the addresses of a host. Tests replace it.</summary>
internal delegate Task<IPAddress[]> AddressLookup(string host, CancellationToken cancellationToken);

/// <summary>The receiver has an address that messages may not be sent to.</summary>
internal sealed class ForbiddenAddressException() : IOException("The address is not public.");

/// <summary>
/// Connects to receivers, but not to addresses that only this machine or its network can reach. It connects to the same address that it
/// checked, so a name that resolves to another address a moment later has no effect.
/// </summary>
/// <remarks>
/// Addresses are tried as in RFC 8305: both families in turn, the next address when one fails or has been silent for 250 ms, and the first
/// connection is used. So a receiver is reached even when its IPv6 or its first machine is down.
/// </remarks>
internal sealed class WebhookConnections(AddressLookup lookup, IOptions<WebhooksOptions> options, TimeProvider clock)
{
    /// <summary>How long an address is tried before the next is tried in parallel.</summary>
    public static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);

    private const int MostAddresses = 4;

    /// <summary>Resolves a host with the system's resolver.</summary>
    /// <remarks>The resolver blocks a thread, for half a minute when a name server is silent. So it gets a thread outside the shared pool.</remarks>
    public static Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellationToken) => IPAddress.TryParse(host, out var address)
        ? Task.FromResult<IPAddress[]>([address])
        : Task.Factory.StartNew(() => Dns.GetHostAddresses(host), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .WaitAsync(cancellationToken);

    /// <summary>Connects to the first address that answers.</summary>
    /// <exception cref="ForbiddenAddressException">One of the host's addresses is not public. Then none is trusted.</exception>
    /// <exception cref="SocketException">The host is unknown, or does not answer.</exception>
    public async ValueTask<Stream> OpenAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await lookup(context.DnsEndPoint.Host, cancellationToken);
        if (!options.Value.AllowPrivateAddresses && !addresses.All(NetworkAddress.IsPublic))
        {
            throw new ForbiddenAddressException();
        }

        var socket = await ConnectAsync(new Queue<IPAddress>(InTurn(addresses).Take(MostAddresses)), context.DnsEndPoint.Port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Alternates the families, and otherwise keeps the order of the system.</summary>
    private static IEnumerable<IPAddress> InTurn(IPAddress[] addresses) => addresses
        .GroupBy(address => address.AddressFamily)
        .SelectMany((family, second) => family.Select((address, at) => (Address: address, Place: 2 * at + second)))
        .OrderBy(a => a.Place)
        .Select(a => a.Address);

    private async Task<Socket> ConnectAsync(Queue<IPAddress> waiting, int port, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var attempts = new List<Task<Socket>>();
        var problem = new SocketException((int)SocketError.HostNotFound);
        try
        {
            while (waiting.Count + attempts.Count > 0)
            {
                if (waiting.TryDequeue(out var address))
                {
                    attempts.Add(ConnectAsync(address, port, over.Token));
                }

                Task[] awaited = waiting.Count > 0 ? [.. attempts, Task.Delay(AttemptDelay, clock, over.Token)] : [.. attempts];
                if (await Task.WhenAny(awaited) is Task<Socket> ended)
                {
                    attempts.Remove(ended);
                    try
                    {
                        return await ended;
                    }
                    catch (SocketException e)
                    {
                        problem = e;
                    }
                }
            }
        }
        finally
        {
            await over.CancelAsync();
            await ((Task)Task.WhenAll(attempts)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var late in attempts.Where(attempt => attempt.IsCompletedSuccessfully))
            {
                (await late).Dispose();
            }
        }

        throw problem;
    }

    private static async Task<Socket> ConnectAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, port, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
