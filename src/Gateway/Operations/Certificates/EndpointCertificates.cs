using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Counter.Gateway.Operations.Certificates;

/// <summary>The certificates of one endpoint: its own, and those of the host names in its settings.</summary>
/// <param name="own">The certificate for hosts that are not listed. Null when it does not come from files.</param>
/// <param name="hosts">The certificates by the name in the settings: a host, <c>*.</c> and a domain, or <c>*</c>.</param>
internal sealed class EndpointCertificates(RenewedCertificate? own, IReadOnlyDictionary<string, RenewedCertificate?> hosts)
{
    /// <summary>Gives a handshake the renewed certificate instead of the one that the server read at the start.</summary>
    public void Apply(ConnectionContext connection, SslServerAuthenticationOptions tls)
    {
        if (Find(connection)?.Current is { } renewed)
        {
            tls.ServerCertificateContext = renewed;
            tls.ServerCertificate = renewed.TargetCertificate;
        }
    }

    /// <summary>Applies the rules of the server: the host, else the longest domain, else <c>*</c>.</summary>
    private RenewedCertificate? Find(ConnectionContext connection)
    {
        if (hosts.Count == 0)
        {
            return own;
        }

        var host = connection.Features.Get<ITlsHandshakeFeature>()?.HostName ?? "";
        return hosts.TryGetValue(host, out var exact) ? exact
            : hosts.Where(h => h.Key.StartsWith("*.", StringComparison.Ordinal) && host.EndsWith(h.Key[1..], StringComparison.OrdinalIgnoreCase))
                .OrderByDescending(h => h.Key.Length).Select(h => h.Value).FirstOrDefault(hosts.GetValueOrDefault("*"));
    }
}
