using System.Net;
using System.Net.Sockets;

namespace Counter.Gateway.Network;

/// <summary>Classifies addresses as public or private.</summary>
internal static class NetworkAddress
{
    /// <summary>64:ff9b::/96 (RFC 6052): the last four bytes are an IPv4 address that a gateway of the network translates to.</summary>
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>The part of IPv6 that is assigned to the public (IANA). The rest is special.</summary>
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    /// <summary>
    /// Networks that IANA's registries of special-purpose addresses do not mark as globally reachable, and tunnels, whose addresses contain an
    /// IPv4 address. Azure's 168.63.129.16 looks public but is the machine's own host.
    /// </summary>
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
            "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    /// <summary>Whether the address is reachable from the whole Internet. Strangers may make the gateway connect only to such addresses.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            if (address.IsIPv4MappedToIPv6)
            {
                return IsPublic(address.MapToIPv4());
            }

            if (Translated.Contains(address))
            {
                return IsPublic(new IPAddress(address.GetAddressBytes().AsSpan(12)));
            }

            if (!GlobalUnicast.Contains(address))
            {
                return false;
            }
        }

        return !Array.Exists(Special, network => network.Contains(address));
    }

    /// <summary>Whether the address belongs to this machine or a private network (RFC 1918, RFC 4193, link-local).</summary>
    /// <remarks>
    /// Narrower than not public: the customers of a provider behind its shared address (100.64.0.0/10) are strangers too.
    /// </remarks>
    public static bool IsPrivate(IPAddress address)
    {
        if (IPAddress.IsLoopback(address) || address.Equals(IPAddress.None))
        {
            return true;
        }

        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            // The cut to the /64 network cleared the last half of the loopback address, so it is all zeros.
            return address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal || address.Equals(IPAddress.IPv6Any);
        }

        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        return bytes is [10, ..] or [172, >= 16 and <= 31, ..] or [192, 168, ..] or [169, 254, ..];
    }
}
