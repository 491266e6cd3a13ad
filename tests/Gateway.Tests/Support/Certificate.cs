using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Counter.Gateway.Tests.Support;

/// <summary>A certificate file for localhost, for gateways that serve TLS themselves.</summary>
public sealed class Certificate : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    public Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllBytes(file, made.Export(X509ContentType.Pfx));
    }

    /// <summary>The settings for a TLS endpoint with this certificate on a free loopback port.</summary>
    public string[] Settings => ["--Kestrel:Endpoints:Https:Url=https://127.0.0.1:0", "--Kestrel:Endpoints:Https:Certificate:Path=" + file];

    public void Dispose() => File.Delete(file);
}
