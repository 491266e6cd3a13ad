using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace Counter.Grains.Hosting;

/// <summary>
/// TLS between silos and gateways: each shows its certificate, and trusts those of one authority of the operator's. Addresses are not compared
/// with names: whoever has a certificate of the authority belongs to the cluster. Files are read at the start.
/// </summary>
internal sealed class ClusterTls
{
    private readonly X509Certificate2 certificate;
    private readonly X509Certificate2Collection authority = [];

    private ClusterTls(string certificateFile, string keyFile, string authorityFile)
    {
        using var read = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);

        // Windows does not speak TLS with a key that is in memory only.
        certificate = X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), password: null);
        authority.ImportFromPemFile(authorityFile);
    }

    /// <summary>Reads the files that the settings name; null when they name none.</summary>
    /// <exception cref="SettingException">They cannot be read, or are not all there.</exception>
    public static ClusterTls? Read(ClusterSettings settings)
    {
        string[] files = [settings.CertificateFile, settings.CertificateKeyFile, settings.AuthorityFile];
        if (files.All(file => file.Length == 0))
        {
            return null;
        }

        if (files.Any(file => file.Length == 0))
        {
            throw new SettingException("Cluster:CertificateFile, Cluster:CertificateKeyFile and Cluster:AuthorityFile belong together: set all of them, or none.");
        }

        try
        {
            return new ClusterTls(settings.CertificateFile, settings.CertificateKeyFile, settings.AuthorityFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new SettingException($"Cluster:CertificateFile, Cluster:CertificateKeyFile or Cluster:AuthorityFile cannot be used: {e.Message}");
        }
    }

    /// <summary>Has a silo speak it.</summary>
    public void Use(ISiloBuilder silo) => silo.UseTls(Configure);

    /// <summary>Has a client speak it.</summary>
    public void Use(IClientBuilder client) => client.UseTls(Configure);

    private void Configure(TlsOptions tls)
    {
        tls.LocalCertificate = certificate;
        (tls.RemoteCertificateMode, tls.ClientCertificateMode) = (RemoteCertificateMode.RequireCertificate, RemoteCertificateMode.RequireCertificate);
        tls.RemoteCertificateValidation = (shown, sent, _) => shown is not null && IsTrusted(shown, sent);
    }

    private bool IsTrusted(X509Certificate2 shown, X509Chain? sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ExtraStore.AddRange(sent?.ChainPolicy.ExtraStore ?? []);
        return chain.Build(shown);
    }
}
