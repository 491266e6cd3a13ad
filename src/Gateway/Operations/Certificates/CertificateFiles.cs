using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Counter.Gateway.Operations.Certificates;

/// <summary>Where a certificate lies, as Kestrel's settings say, and how it is made of what lies there.</summary>
/// <param name="Path">A PEM file with the certificate and its chain, or, without <paramref name="KeyPath"/>, a PKCS #12 file.</param>
/// <param name="KeyPath">The PEM file with the private key.</param>
/// <param name="Password">Of the private key; null when it has none.</param>
internal sealed record CertificateFiles(string Path, string? KeyPath, string? Password)
{
    private const string Begin = "-----BEGIN CERTIFICATE-----";

    /// <summary>Reads where it lies; null when it does not come from files.</summary>
    public static CertificateFiles? Of(IConfigurationSection settings, string directory) => settings["Path"] is { Length: > 0 } path
        ? new CertificateFiles(
            System.IO.Path.Combine(directory, path),
            settings["KeyPath"] is { } key ? System.IO.Path.Combine(directory, key) : null,
            settings["Password"])
        : null;

    /// <summary>Reads the files.</summary>
    /// <exception cref="IOException">One of them cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">One of them may not be read.</exception>
    public (byte[] Certificate, byte[]? Key) Read() => (File.ReadAllBytes(Path), KeyPath is null ? null : File.ReadAllBytes(KeyPath));

    /// <summary>Makes what handshakes need, once for all of them: the certificate with its key, and the chain.</summary>
    /// <exception cref="CryptographicException">This is no certificate, or the key is not the certificate's.</exception>
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
            // Windows speaks TLS only with keys that it keeps itself.
            leaf = X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), password: null);
        }

        return SslStreamCertificateContext.Create(leaf, chain);
    }

    /// <summary>Without the password, for logs.</summary>
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
