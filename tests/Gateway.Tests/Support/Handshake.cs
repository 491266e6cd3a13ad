using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Counter.Gateway.Tests.Support;

/// <summary>Opens a connection with TLS and looks at the certificate.</summary>
internal static class Handshake
{
    /// <summary>The thumbprints of the certificate and of those sent with it, which a host is shown.</summary>
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
