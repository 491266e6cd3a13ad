using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http.Features;

namespace Counter.Gateway.Network;

/// <summary>The client address of a request, for the limits per address.</summary>
internal static class ClientAddress
{
    /// <summary>
    /// The address of the client. Avoids <c>HttpContext.Connection</c>, which would allocate an object for as long as a stream is open.
    /// </summary>
    public static IPAddress? Whole(HttpContext context) => context.Features.GetRequiredFeature<IHttpConnectionFeature>().RemoteIpAddress;

    /// <summary>The address, or for IPv6 its /64 network: a single customer gets that much (RFC 6177).</summary>
    public static IPAddress Of(HttpContext context) => Of(Whole(context) ?? IPAddress.None);

    /// <summary>The same for the address of a peer.</summary>
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
