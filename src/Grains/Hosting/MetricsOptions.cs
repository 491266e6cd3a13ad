namespace Counter.Grains.Hosting;

/// <summary>The section <c>Metrics</c>: where Prometheus reads the metrics.</summary>
internal sealed class MetricsOptions
{
    public const string Path = "/metrics";

    /// <summary>Of a gateway: serve <c>/metrics</c> on its usual addresses, to the operator's key.</summary>
    public bool OnMainPort { get; set; }

    /// <summary>
    /// An address for <c>/metrics</c> only, such as <c>http://localhost:9464</c>. It asks for no key. Gateways and silos have it.
    /// </summary>
    /// <value>none</value>
    public string Url { get; set; } = "";

    /// <summary>Whether Prometheus can read the metrics.</summary>
    public bool IsOn => OnMainPort || Url.Length > 0;

    /// <summary>Checks the address.</summary>
    /// <exception cref="SettingException">The server cannot listen there.</exception>
    public void Check()
    {
        // The server would listen on all addresses where a host has another name.
        if (Url.Length > 0 && !(ListenAddress.TryParse(Url, out var address) && address.Scheme == Uri.UriSchemeHttp && address.PathAndQuery == "/"
            && address.UserInfo.Length == 0 && (address.Host == "localhost" || address.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6)))
        {
            throw new SettingException($"Metrics:Url is '{Url}'; allowed is an address such as http://localhost:9464 or http://*:9464.");
        }
    }
}
