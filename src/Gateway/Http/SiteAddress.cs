
namespace Counter.Gateway.Http;

/// <summary>The address of a site's own page.</summary>
internal static class SiteAddress
{
    /// <summary>The address as a path.</summary>
    public static string Of(string site) => "/sites/" + Uri.EscapeDataString(site);
}
