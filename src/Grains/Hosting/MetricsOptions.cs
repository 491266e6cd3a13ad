namespace Counter.Grains.Hosting;

/// <summary>The section <c>Metrics</c>: how Prometheus reads what is measured.</summary>
internal sealed class MetricsOptions
{
    /// <summary>The path of the metrics.</summary>
    public const string Path = "/metrics";

    /// <summary>Of a gateway: it answers <c>/metrics</c> where it listens, to whoever has the operator's key.</summary>
    public bool OnMainPort { get; set; }

    /// <summary>
    /// Where a gateway or a silo answers <c>/metrics</c> and nothing else, to everybody who reaches it, such as <c>http://localhost:9464</c>.
    /// </summary>
    /// <value>nowhere</value>
    public string Url { get; set; } = "";

    /// <summary>Whether the metrics can be read at all.</summary>
    public bool IsOn => OnMainPort || Url.Length > 0;

    /// <summary>Refuses what cannot be listened at.</summary>
    /// <exception cref="SettingException">It is.</exception>
    public void Check()
    {
        if (Url.Length > 0 && !(ListenAddress.TryParse(Url, out var address) && address.Scheme == Uri.UriSchemeHttp && address.PathAndQuery == "/"))
        {
            throw new SettingException($"Metrics:Url is '{Url}'; allowed is an address such as http://localhost:9464 or http://*:9464.");
        }
    }
}
