using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Counter.Gateway.Operations.Certificates;

/// <summary>The files of a certificate, from Kestrel's settings.</summary>
/// <param name="Path">A PEM file with the certificate and its chain, or, without <paramref name="KeyPath"/>, a PKCS #12 file.</param>
/// <param name="KeyPath">The PEM file with the private key.</param>
/// <param name="Password">The password of the private key. Null when it has none.</param>
internal sealed record CertificateFiles(string Path, string? KeyPath, string? Password)
{
    private const string Begin = "-----BEGIN CERTIFICATE-----";

    /// <summary>Reads the paths from the settings. Null when the certificate does not come from files.</summary>
    public static CertificateFiles? Of(IConfigurationSection settings, string directory) => settings["Path"] is { Length: > 0 } path
        ? new CertificateFiles(
            System.IO.Path.Combine(directory, path),
            settings["KeyPath"] is { } key ? System.IO.Path.Combine(directory, key) : null,
            settings["Password"])
        : null;

    /// <exception cref="IOException">One of them cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">One of them may not be read.</exception>
    public (byte[] Certificate, byte[]? Key) Read() => (File.ReadAllBytes(Path), KeyPath is null ? null : File.ReadAllBytes(KeyPath));

    /// <summary>Creates the context that all handshakes share: the certificate with its key, and the chain.</summary>
    /// <exception cref="CryptographicException">The file has no certificate, or the key belongs to another certificate.</exception>
    public SslStreamCertificateContext Load(byte[] certificate, byte[]? key)
    {
        if (key is null)
        {
            var all = X509CertificateLoader.LoadPkcs12Collection(certificate, Password);
            return SslStreamCertificateContext.Create(
                all.FirstOrDefault(c => c.HasPrivateKey) ?? throw new CryptographicException("There is no private key in the file."), all);
        }

        var chain = ReadChain(certificate);
        var (pem, keyPem) = (chain[0].ExportCertificatePem(), Encoding.UTF8.GetString(key));
        var leaf = Password is null ? X509Certificate2.CreateFromPem(pem, keyPem) : X509Certificate2.CreateFromEncryptedPem(pem, keyPem, Password);
        if (OperatingSystem.IsWindows())
        {
            // Windows supports TLS only with keys in its own store.
            leaf = X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), password: null);
        }

        return SslStreamCertificateContext.Create(leaf, chain);
    }

    /// <summary>The path, without the password, for logs.</summary>
    public override string ToString() => Path;

    private static X509Certificate2Collection ReadChain(byte[] certificate)
    {
        var text = Encoding.UTF8.GetString(certificate);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(text);
        var lastLine = text[(text.LastIndexOf('\n') + 1)..].TrimEnd();
        if (chain.Count < text.Split(Begin).Length - 1 || (lastLine.Length > 0 && Begin.StartsWith(lastLine, StringComparison.Ordinal)))
        {
            throw new CryptographicException("The last certificate of the file is cut off.");
        }

        if (chain.Count == 0)
        {
            chain.Add(X509CertificateLoader.LoadCertificate(certificate));
        }

        return chain;
    }
}
