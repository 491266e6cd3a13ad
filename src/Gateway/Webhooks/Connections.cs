using System.Net;
using System.Net.Sockets;
using Counter.Gateway.Network;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Webhooks;

/// <summary>Finds the addresses of a host; tests have their own.</summary>
internal delegate Task<IPAddress[]> AddressLookup(string host, CancellationToken cancellationToken);

/// <summary>The receiver is where messages may not go.</summary>
internal sealed class ForbiddenAddressException() : IOException("The address is not public.");

/// <summary>
/// Connects to receivers, and to nobody that only this machine or its network can reach. The very address that was looked at is
/// the one connected to, so a name that means something else a moment later gains nothing.
/// </summary>
internal sealed class Connections(AddressLookup lookup, IOptions<WebhooksOptions> options)
{
    private const int MostAddresses = 4;

    /// <summary>Asks the system.</summary>
    public static Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellationToken) =>
        IPAddress.TryParse(host, out var address) ? Task.FromResult<IPAddress[]>([address]) : Dns.GetHostAddressesAsync(host, cancellationToken);

    /// <summary>Connects to the first address that answers.</summary>
    /// <exception cref="ForbiddenAddressException">One of the host's addresses is not public; then none is trusted.</exception>
    /// <exception cref="SocketException">The host is unknown, or does not answer.</exception>
    public async ValueTask<Stream> OpenAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await lookup(context.DnsEndPoint.Host, cancellationToken);
        if (!options.Value.AllowPrivateAddresses && !addresses.All(NetworkAddress.IsPublic))
        {
            throw new ForbiddenAddressException();
        }

        var problem = new SocketException((int)SocketError.HostNotFound);
        foreach (var address in addresses.Take(MostAddresses))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                problem = e;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw problem;
    }
}
