using System.Net;
using System.Runtime.InteropServices;
using Counter.Gateway.Network;
using Counter.Gateway.Settings;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Operations;

/// <summary>The number of connections from each address, or for IPv6 from each /64 network.</summary>
/// <remarks>
/// Trusted proxies have no limit, because the client behind them is not known before a request is read. Private addresses have none either,
/// unless the settings limit them.
/// </remarks>
internal sealed class AddressConnections(IOptions<LimitsOptions> limits, IOptions<ForwardedHeadersOptions> proxies)
{
    private readonly int most = limits.Value.ConnectionsPerAddress;
    private readonly bool exemptsPrivate = limits.Value.ExemptPrivateAddresses;
    private readonly Dictionary<IPAddress, int> counts = [];

    /// <summary>Counts a connection until its place is disposed. False when its address has the most connections that are allowed.</summary>
    /// <param name="from">The address of the peer.</param>
    /// <param name="place">The place of the connection. Null where there is no limit.</param>
    public bool TryEnter(EndPoint? from, out IDisposable? place)
    {
        place = null;
        if (from is not IPEndPoint { Address: var whole } || IsExempt(whole.IsIPv4MappedToIPv6 ? whole.MapToIPv4() : whole))
        {
            return true;
        }

        var address = ClientAddress.Of(whole);
        lock (counts)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, address, out _);
            if (count >= most)
            {
                return false;
            }

            count++;
        }

        place = new Place(this, address);
        return true;
    }

    private bool IsExempt(IPAddress address) =>
        exemptsPrivate && NetworkAddress.IsPrivate(address) || proxies.Value.KnownIPNetworks.Any(network => network.Contains(address));

    private void Leave(IPAddress address)
    {
        lock (counts)
        {
            if (--CollectionsMarshal.GetValueRefOrNullRef(counts, address) == 0)
            {
                counts.Remove(address);
            }
        }
    }

    private sealed class Place(AddressConnections connections, IPAddress address) : IDisposable
    {
        public void Dispose() => connections.Leave(address);
    }
}
