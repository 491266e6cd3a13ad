using System.ComponentModel.DataAnnotations;

namespace Counter.Gateway.Settings;

/// <summary>The section <c>Data</c>: what a gateway with a silo of its own keeps.</summary>
internal sealed class DataOptions
{
    /// <summary>
    /// Where totals, history and settings are kept, in one SQLite file; only with <c>Cluster:Store=Local</c>. Relative to the current directory.
    /// </summary>
    [Required]
    public string Directory { get; set; } = "data";
}

/// <summary>The section <c>Proxies</c>: whose <c>X-Forwarded-*</c> headers are trusted.</summary>
internal sealed class ProxiesOptions
{
    /// <summary>
    /// Addresses or networks (<c>10.0.0.0/8</c>) whose <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Prefix</c> are trusted, separated by commas.
    /// </summary>
    /// <value>none</value>
    public string Trusted { get; set; } = "";

    /// <summary>
    /// Trust their <c>X-Forwarded-Host</c> too, for a proxy that does not pass <c>Host</c>. The proxy must set the header itself, or clients do.
    /// </summary>
    public bool ForwardedHost { get; set; }

    /// <summary>The path below which a proxy serves Counter, such as <c>/counter</c>, where it sends no <c>X-Forwarded-Prefix</c>.</summary>
    /// <value>none</value>
    /// <remarks>Whether or not the proxy takes the path away from what it passes on.</remarks>
    public string PathBase { get; set; } = "";
}
