using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Counter.Attack;

/// <summary>A gateway, and the loopback addresses of a group of its clients.</summary>
/// <param name="Plain">The address for HTTP/1.1 without TLS.</param>
/// <param name="Secure">The address for HTTP/1.1 and HTTP/2 over TLS.</param>
/// <param name="Network">The network of the clients: <c>127.Network.0.0/16</c>.</param>
/// <param name="Addresses">The number of client addresses in this network.</param>
internal sealed record Target(Uri Plain, Uri Secure, byte Network, int Addresses)
{
    private const int IpLevel = 0;

    // The kernel chooses the port when the socket connects, so it can reuse a port of a connection to another destination.
    private const int BindAddressNoPort = 24;

    /// <summary>The address of a client.</summary>
    public IPAddress AddressOf(int number)
    {
        var address = number % Addresses;
        return new IPAddress([127, Network, (byte)(address / 250), (byte)(1 + address % 250)]);
    }

    /// <summary>Opens a connection without TLS. Closing resets it, so that no port remains in use.</summary>
    /// <param name="number">The number of the client.</param>
    /// <param name="to">The destination; null for <see cref="Plain"/>.</param>
    /// <param name="buffer">The receive buffer of the socket in bytes; 0 for the default.</param>
    /// <param name="cancellationToken">Cancels the connection attempt.</param>
    public async Task<Stream> ConnectAsync(int number, Uri? to = null, int buffer = 0, CancellationToken cancellationToken = default)
    {
        to ??= Plain;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0) };
        try
        {
            if (buffer > 0)
            {
                socket.ReceiveBufferSize = buffer;
            }

            socket.SetRawSocketOption(IpLevel, BindAddressNoPort, BitConverter.GetBytes(1));
            socket.Bind(new IPEndPoint(AddressOf(number), 0));
            await socket.ConnectAsync(to.Host, to.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection with TLS.</summary>
    public async Task<Stream> ConnectSecurelyAsync(int number, SslApplicationProtocol protocol, int buffer = 0, CancellationToken cancellationToken = default)
    {
        var tls = new SslStream(await ConnectAsync(number, Secure, buffer, cancellationToken));
        try
        {
            var options = Trusting();
            options.TargetHost = Secure.Host;
            options.ApplicationProtocols = [protocol];
            await tls.AuthenticateAsClientAsync(options, cancellationToken);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes an HTTP client for one version: HTTP/1.1 without TLS, or HTTP/2 over TLS.</summary>
    public HttpClient Http(int number, Version version, TimeSpan? lifetime = null) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = lifetime ?? Timeout.InfiniteTimeSpan,
        SslOptions = Trusting(),
        ConnectCallback = async (context, cancelled) => await ConnectAsync(number, version.Major == 2 ? Secure : Plain, buffer: 0, cancelled),
    })
    {
        BaseAddress = version.Major == 2 ? Secure : Plain,
        DefaultRequestVersion = version,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    // The gateway has a self-signed certificate, made for this run.
    private static SslClientAuthenticationOptions Trusting() => new() { RemoteCertificateValidationCallback = static (_, shown, _, _) => shown?.Subject == "CN=localhost" };
}
