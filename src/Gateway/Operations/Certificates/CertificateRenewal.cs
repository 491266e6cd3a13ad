using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Counter.Gateway.Operations.Certificates;

/// <summary>Reads the certificates of Kestrel's settings again while the gateway runs. New connections get the renewed ones.</summary>
/// <remarks>
/// Kestrel itself restarts the endpoint, which refuses connections meanwhile and cuts all streams. Here a handshake gets another certificate and
/// nothing else changes. The loop ends when the host stops.
/// </remarks>
internal sealed class CertificateRenewal(IConfiguration configuration, IHostEnvironment host, TimeProvider clock, ILogger<CertificateRenewal> log)
    : BackgroundService
{
    /// <summary>The interval between two reads of the files. A change is used after two equal reads.</summary>
    public static readonly TimeSpan Round = TimeSpan.FromSeconds(10);

    private readonly Dictionary<CertificateFiles, RenewedCertificate> certificates = [];

    /// <summary>Configures Kestrel's endpoints, before Kestrel reads its certificates.</summary>
    public void Configure(KestrelServerOptions kestrel)
    {
        var settings = configuration.GetSection("Kestrel");
        var loader = kestrel.Configure(settings, reloadOnChange: false);
        var common = Find(settings.GetSection("Certificates:Default"), otherwise: null);
        var unnamed = new EndpointCertificates(common, new Dictionary<string, RenewedCertificate?>());
        kestrel.ConfigureHttpsDefaults(https => https.OnAuthenticate = unnamed.Apply);
        foreach (var endpoint in settings.GetSection("Endpoints").GetChildren())
        {
            var own = Find(endpoint.GetSection("Certificate"), common);
            var hosts = endpoint.GetSection("Sni").GetChildren()
                .ToDictionary(name => name.Key, name => Find(name.GetSection("Certificate"), own), StringComparer.OrdinalIgnoreCase);
            var named = new EndpointCertificates(own, hosts);
            loader.Endpoint(endpoint.Key, e => e.HttpsOptions.OnAuthenticate = named.Apply);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Round, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var certificate in certificates.Values)
                {
                    certificate.Refresh();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway is stopping.
        }
    }

    /// <summary>The certificate of these settings. Null when it comes from a store. The fallback when the settings have none.</summary>
    private RenewedCertificate? Find(IConfigurationSection settings, RenewedCertificate? otherwise)
    {
        if (CertificateFiles.Of(settings, host.ContentRootPath) is not { } files)
        {
            return string.IsNullOrEmpty(settings["Subject"]) ? otherwise : null;
        }

        if (!certificates.TryGetValue(files, out var certificate))
        {
            certificates.Add(files, certificate = new RenewedCertificate(files, log));
        }

        return certificate;
    }
}
