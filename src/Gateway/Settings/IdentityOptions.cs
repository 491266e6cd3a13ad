using System.Collections.Frozen;
using Counter.Counting.Pages;
using Counter.Grains.Hosting;

namespace Counter.Gateway.Settings;

/// <summary>The section <c>Identity</c>: how one browser is told from another.</summary>
internal sealed class IdentityOptions
{
    // One that people can guess protects nothing.
    private const int LeastSecretLength = 32;

    /// <summary>The source of the daily salts of visitor hashes, at least 32 characters; the same at all gateways.</summary>
    /// <value>derived from the secret of the cluster, which the first start creates</value>
    public string Secret { get; set; } = "";

    /// <summary>Sites whose visitors are identified by a session cookie, separated by commas (<see href="accuracy.md#identity">accuracy</see>).</summary>
    /// <value>none</value>
    /// <remarks>
    /// The cookie is random, readable by nobody but this service and partitioned by site, so that it follows nobody from one site to another.
    /// </remarks>
    public string CookieSites { get; set; } = "";

    /// <summary>Refuses a secret that is too short.</summary>
    /// <exception cref="SettingException">It is.</exception>
    public void Check()
    {
        if (Secret.Length is > 0 and < LeastSecretLength)
        {
            throw new SettingException(
                $"Identity:Secret has {Secret.Length} characters; it needs at least {LeastSecretLength}. This makes one: openssl rand -hex 32");
        }
    }

    /// <summary>The sites of <see cref="CookieSites"/>.</summary>
    /// <exception cref="SettingException">One of them is no site.</exception>
    public FrozenSet<string> ReadCookieSites() =>
        CookieSites.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(site => PageAddress.TryParseSite(site, PageLimits.Default, out var name, out _)
                ? name
                : throw new SettingException($"Identity:CookieSites has '{site}'; allowed are host names such as example.com, separated by commas."))
            .ToFrozenSet(StringComparer.Ordinal);
}
