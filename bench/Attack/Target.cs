using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Counter.Attack;

/// <summary>A gateway, as those see it who come from some of this machine's addresses.</summary>
/// <param name="Plain">Where it speaks HTTP/1.1 without TLS.</param>
/// <param name="Secure">Where it speaks HTTP/1.1 and HTTP/2 over TLS.</param>
/// <param name="Network">They come from <c>127.Network.0.0/16</c>.</param>
/// <param name="Addresses">How many addresses they have there.</param>
internal sealed record Target(Uri Plain, Uri Secure, byte Network, int Addresses)
{
    private const int IpLevel = 0;

    // The port is chosen when the socket connects, so that one that another connection uses towards somewhere else will do.
    private const int BindAddressNoPort = 24;

    /// <summary>The address of one of them.</summary>
    public IPAddress AddressOf(int number)
    {
        var address = number % Addresses;
        return new IPAddress([127, Network, (byte)(address / 250), (byte)(1 + address % 250)]);
    }

    /// <summary>A connection without TLS. It is reset when it is closed, so that no port stays behind.</summary>
    /// <param name="number">Whose.</param>
    /// <param name="to">Where; null: <see cref="Plain"/>.</param>
    /// <param name="buffer">Bytes that the kernel keeps of what is not read; 0: as it likes.</param>
    /// <param name="cancellationToken">Gives up.</param>
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

    /// <summary>A connection with TLS.</summary>
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

    /// <summary>A client that speaks one version of HTTP, the second over TLS.</summary>
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

    // The gateway's certificate was made for the run, by nobody who is known.
    private static SslClientAuthenticationOptions Trusting() => new() { RemoteCertificateValidationCallback = static (_, shown, _, _) => shown?.Subject == "CN=localhost" };
}
