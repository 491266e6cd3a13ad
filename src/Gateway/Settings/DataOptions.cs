using System.ComponentModel.DataAnnotations;

namespace Counter.Gateway.Settings;

/// <summary>The section <c>Data</c>: what the embedded engine keeps.</summary>
internal sealed class DataOptions
{
    /// <summary>Where totals and history are kept; relative to the current directory.</summary>
    [Required]
    public string Directory { get; set; } = "data";

    /// <summary>Seconds between saves of what changed: the most that is lost when the process is killed.</summary>
    [Range(1, 3600)]
    public int SaveSeconds { get; set; } = 10;
}

/// <summary>The section <c>Cluster</c>.</summary>
internal sealed class ClusterOptions
{
    /// <summary>The engine of one process.</summary>
    public const string Embedded = "Embedded";

    /// <summary>The engine of several gateways that share a PostgreSQL database.</summary>
    public const string Postgres = "Postgres";

    /// <summary>The engine of many gateways: grains in silos.</summary>
    public const string Orleans = "Orleans";

    /// <summary>Where totals are made.</summary>
    [AllowedValues(Embedded, Postgres, Orleans)]
    public string Engine { get; set; } = Embedded;

    /// <summary>Where the PostgreSQL database is, as <c>Host=…;Database=…;Username=…;Password=…</c>; empty: <c>ConnectionStrings:Counter</c>.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// Where the other gateways reach this one, such as <c>http://10.0.0.5:9192</c>, where port 0 stands for the port listened on;
    /// empty: made from the machine's address, unless there can be no others.
    /// </summary>
    public string Address { get; set; } = "";
}

/// <summary>The section <c>Proxies</c>: whose <c>X-Forwarded-*</c> headers are believed.</summary>
internal sealed class ProxiesOptions
{
    /// <summary>Addresses or networks (<c>10.0.0.0/8</c>), separated by commas; empty: nobody's.</summary>
    public string Trusted { get; set; } = "";

    /// <summary>
    /// Whether <c>X-Forwarded-Host</c> is believed too. Many proxies pass on what a client wrote there, and pass <c>Host</c> on as well,
    /// so it is not.
    /// </summary>
    public bool ForwardedHost { get; set; }
}
