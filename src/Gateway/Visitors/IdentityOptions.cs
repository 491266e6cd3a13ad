using System.Collections.Frozen;
using Counter.Counting.Pages;
using Counter.Grains.Hosting;

namespace Counter.Gateway.Visitors;

/// <summary>The section <c>Identity</c>: how one browser is told from another.</summary>
internal sealed class IdentityOptions
{
    /// <summary>What the daily salts are made from; empty: derived from the cluster's secret, which is made at the first start.</summary>
    public string Secret { get; set; } = "";

    /// <summary>
    /// Sites that asked for the cookie, separated by commas: random, for the browser session, readable by nobody but this service
    /// and partitioned by site, so that it follows nobody from one site to another.
    /// </summary>
    public string CookieSites { get; set; } = "";

    /// <summary>The sites of <see cref="CookieSites"/>.</summary>
    /// <exception cref="SettingException">One of them is no site.</exception>
    public FrozenSet<string> ReadCookieSites() =>
        CookieSites.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(site => PageAddress.TryParseSite(site, PageLimits.Default, out var name, out _)
                ? name
                : throw new SettingException($"Identity:CookieSites has '{site}'; allowed are host names such as example.com, separated by commas."))
            .ToFrozenSet(StringComparer.Ordinal);
}
