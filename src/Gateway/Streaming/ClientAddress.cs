using System.Net;
using System.Net.Sockets;

namespace Counter.Gateway.Streaming;

/// <summary>Whom the limits per address are about.</summary>
internal static class ClientAddress
{
    /// <summary>The address, or for IPv6 its /64 network: that much is given to a single customer (RFC 6177).</summary>
    public static IPAddress Of(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }
}
