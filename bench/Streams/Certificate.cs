using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Counter.Streams;

/// <summary>A certificate that nobody else knows, in two files that are deleted afterwards.</summary>
internal sealed class Certificate : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("counter-certificate-");
    private readonly byte[] bytes;

    /// <summary>Makes the certificate.</summary>
    public Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        bytes = certificate.RawData;
        System.IO.File.WriteAllText(File, certificate.ExportCertificatePem());
        System.IO.File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>The certificate as PEM.</summary>
    public string File => Path.Combine(folder.FullName, "certificate.pem");

    /// <summary>Its private key as PEM.</summary>
    public string KeyFile => Path.Combine(folder.FullName, "key.pem");

    /// <summary>Whether a server has shown this certificate.</summary>
    public bool Is(X509Certificate? shown) => shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(bytes);

    public void Dispose() => folder.Delete(recursive: true);
}
