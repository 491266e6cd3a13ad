using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace Counter.Grains.Hosting;

/// <summary>
/// TLS between silos and gateways. Both sides present a certificate, and trust the certificates of one authority of the operator. Names in
/// certificates are not checked: every holder of a certificate of the authority belongs to the cluster. Files are read once, at the start.
/// </summary>
internal sealed class ClusterTls
{
    private readonly X509Certificate2 certificate;
    private readonly X509Certificate2Collection authority = [];

    private ClusterTls(string certificateFile, string keyFile, string authorityFile)
    {
        using var read = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);

        // Windows cannot use an ephemeral key for TLS.
        certificate = X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), password: null);
        authority.ImportFromPemFile(authorityFile);
    }

    /// <summary>Reads the files that the settings name; null when they name none.</summary>
    /// <exception cref="SettingException">A file cannot be read, or only some are set.</exception>
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

    /// <summary>Makes a silo use TLS.</summary>
    public void Use(ISiloBuilder silo) => silo.UseTls(Configure);

    /// <summary>Makes a client use TLS.</summary>
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
