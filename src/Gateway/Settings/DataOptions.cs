using System.ComponentModel.DataAnnotations;

namespace Counter.Gateway.Settings;

/// <summary>The section <c>Data</c>: what a gateway with a silo of its own keeps.</summary>
internal sealed class DataOptions
{
    /// <summary>Where totals and history are kept; relative to the current directory.</summary>
    [Required]
    public string Directory { get; set; } = "data";
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

    /// <summary>
    /// Below which path a proxy serves this gateway, such as <c>/counter</c>, whether or not it takes that away from what it passes on; empty: none, or
    /// what a trusted proxy's <c>X-Forwarded-Prefix</c> says.
    /// </summary>
    public string PathBase { get; set; } = "";
}
