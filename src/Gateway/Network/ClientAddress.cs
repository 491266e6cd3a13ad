using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http.Features;

namespace Counter.Gateway.Network;

/// <summary>Whom the limits per address are about.</summary>
internal static class ClientAddress
{
    /// <summary>The address, as it is known. <c>HttpContext.Connection</c> would make an object that stays as long as a stream is open.</summary>
    public static IPAddress? Whole(HttpContext context) => context.Features.GetRequiredFeature<IHttpConnectionFeature>().RemoteIpAddress;

    /// <summary>The address, or for IPv6 its /64 network: that much is given to a single customer (RFC 6177).</summary>
    public static IPAddress Of(HttpContext context) => Of(Whole(context) ?? IPAddress.None);

    /// <summary>The same of the address that something came from.</summary>
    public static IPAddress Of(IPAddress address)
    {
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
