using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Counter.Gateway.Tests.Support;

/// <summary>A certificate chain and its key, each as the text of a PEM file.</summary>
public sealed record CertificatePair(string Chain, string Key, string Thumbprint, string IssuerThumbprint)
{
    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);

    /// <summary>Makes a certificate of a new authority. As is usual, the chain contains the intermediate authority and not the root.</summary>
    /// <param name="password">Encrypts the key; null for no encryption.</param>
    public static CertificatePair Make(string? password = null)
    {
        var (from, until) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var root = Request("CN=Root of a test", rootKey, isAuthority: true).CreateSelfSigned(from, until);
        using var issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issuer = Request("CN=Issuer of a test", issuerKey, isAuthority: true).Create(root, from, until, RandomNumberGenerator.GetBytes(8));
        using var signing = issuer.CopyWithPrivateKey(issuerKey);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = Request("CN=localhost", key, isAuthority: false).Create(signing, from, until, RandomNumberGenerator.GetBytes(8));
        var keyText = password is null ? key.ExportPkcs8PrivateKeyPem() : key.ExportEncryptedPkcs8PrivateKeyPem(password, Encryption);
        return new CertificatePair(
            made.ExportCertificatePem() + "\n" + issuer.ExportCertificatePem() + "\n", keyText + "\n", made.Thumbprint, issuer.Thumbprint);
    }

    /// <summary>The certificate and its key as a PKCS #12 file.</summary>
    public byte[] Pkcs12(string password)
    {
        using var made = X509Certificate2.CreateFromPem(Chain, Key);
        return made.Export(X509ContentType.Pkcs12, password)!;
    }

    private static CertificateRequest Request(string name, ECDsa key, bool isAuthority)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, hasPathLengthConstraint: false, 0, critical: true));
        return request;
    }
}
