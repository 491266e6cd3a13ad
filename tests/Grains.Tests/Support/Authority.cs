using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Counter.Grains.Tests.Support;

/// <summary>An authority that issues certificates, with files as operators have them.</summary>
internal sealed class Authority : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("counter-test-");
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 own;

    public Authority()
    {
        var request = new CertificateRequest("CN=The operator", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        System.IO.File.WriteAllText(File("authority.pem"), own.ExportCertificatePem());
        using var issued = Issue();
        System.IO.File.WriteAllText(File("certificate.pem"), issued.ExportCertificatePem());
        System.IO.File.WriteAllText(File("key.pem"), issued.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>The path of a file; empty for none.</summary>
    public string File(string name) => name.Length == 0 ? "" : Path.Combine(directory.FullName, name);

    /// <summary>Issues a certificate.</summary>
    public X509Certificate2 Issue()
    {
        using var mine = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=counter", mine, HashAlgorithmName.SHA256);
        using var signed = request.Create(own, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(12), Guid.NewGuid().ToByteArray());
        using var with = signed.CopyWithPrivateKey(mine);
        return X509CertificateLoader.LoadPkcs12(with.Export(X509ContentType.Pkcs12), password: null, X509KeyStorageFlags.Exportable);
    }

    public void Dispose()
    {
        own.Dispose();
        key.Dispose();
        directory.Delete(recursive: true);
    }
}
