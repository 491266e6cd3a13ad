using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Counter.Gateway.Tests.Support;

/// <summary>Reads the certificate of a TLS server.</summary>
internal static class Handshake
{
    /// <summary>The thumbprints of the server's certificate for a host name, and of the certificates sent with it.</summary>
    public static async Task<(string Certificate, IReadOnlyList<string> Chain)> AskAsync(Uri address, string host = "localhost")
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(address.Host, address.Port);
        IReadOnlyList<string> chain = [];
        await using var tls = new SslStream(tcp.GetStream(), leaveInnerStreamOpen: false, (_, _, sent, _) =>
        {
            chain = [.. sent!.ChainPolicy.ExtraStore.Select(c => c.Thumbprint)];
            return true;
        });
        await tls.AuthenticateAsClientAsync(host);
        return (((X509Certificate2)tls.RemoteCertificate!).Thumbprint, chain);
    }
}
