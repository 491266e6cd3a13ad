using System.ComponentModel.DataAnnotations;

namespace Counter.Gateway.Sites;

/// <summary>The section <c>Sites</c>.</summary>
internal sealed class SitesOptions
{
    /// <summary>Any site is counted.</summary>
    public const string Open = "open";

    /// <summary>Only sites with settings are counted.</summary>
    public const string Registered = "registered";

    /// <summary>Which sites are counted.</summary>
    [AllowedValues(Open, Registered)]
    public string Mode { get; set; } = Open;
}
