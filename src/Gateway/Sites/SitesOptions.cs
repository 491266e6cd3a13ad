using System.ComponentModel.DataAnnotations;

namespace Counter.Gateway.Sites;

/// <summary>The section <c>Sites</c>.</summary>
internal sealed class SitesOptions
{
    /// <summary>Any site is counted.</summary>
    public const string Open = "open";

    /// <summary>Only sites with settings are counted.</summary>
    public const string Registered = "registered";

    /// <summary><c>open</c>: any site is counted; <c>registered</c>: only sites with <see href="api.md#settings-of-a-site">settings</see>.</summary>
    [AllowedValues(Open, Registered)]
    public string Mode { get; set; } = Open;
}
