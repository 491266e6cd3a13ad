using System.Text.Json.Serialization;
using Counter.Gateway.Settings;

namespace Counter.Gateway.Documents;

/// <summary>The settings of a site.</summary>
internal sealed record SiteSettings
{
    /// <summary>The settings of a site that has none of its own.</summary>
    public static SiteSettings Default { get; } = new();

    /// <summary>Whether the site is counted. If not, its pictures are stills that say so.</summary>
    public bool Counting { get; set; } = true;

    /// <summary>Other hosts that belong to this site, each written like a site: <c>shop.example.com</c>, <c>example.org</c>.</summary>
    public IReadOnlyList<string> Hosts { get; set; } = [];

    /// <summary>How visitors are told apart; null means as in <c>Identity:CookieSites</c>.</summary>
    public SiteIdentity? Identity { get; set; }

    /// <summary>Whether its pictures are probed; null means as in <c>Streaming:Probes</c>. Where that is off, no site is probed.</summary>
    public bool? Probes { get; set; }

    /// <summary>What a request must show to be counted. A request that shows less still gets the number.</summary>
    public SiteProof Proof { get; set; }

    /// <summary>Its own limits.</summary>
    public SiteLimits Limits { get; set; } = new();

    /// <summary>
    /// The default style of its numbers, as the parameters of a picture's address: <c>"color": "#0a7a4c"</c>. The address overrides it.
    /// </summary>
    public IReadOnlyDictionary<string, string> Look { get; set; } = new Dictionary<string, string>();

    /// <summary>Whether everybody may read its page: numbers, charts, pages and polls.</summary>
    public bool Public { get; set; }
}

/// <summary>How visitors of a site are told apart.</summary>
[JsonConverter(typeof(NamedEnumConverter<SiteIdentity>))]
internal enum SiteIdentity
{
    /// <summary>By a daily hash of address and browser, in memory only.</summary>
    [JsonStringEnumMemberName("hash")]
    Hash,

    /// <summary>By a cookie for the browser session, where HTTPS allows it.</summary>
    [JsonStringEnumMemberName("cookie")]
    Cookie,
}

/// <summary>What a request must show to be counted.</summary>
[JsonConverter(typeof(NamedEnumConverter<SiteProof>))]
internal enum SiteProof
{
    /// <summary>Nothing: <c>?site=</c> is enough.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>That a page of the site sent it, by its <c>Referer</c> or <c>Origin</c>.</summary>
    [JsonStringEnumMemberName("referer")]
    Referer,
}

/// <summary>Limits of one site. Null means the limit of the installation.</summary>
internal sealed record SiteLimits
{
    /// <summary>The most pages that are ever counted.</summary>
    public int? Pages { get; set; }

    /// <summary>The most open streams that show one number.</summary>
    public int? StreamsPerPage { get; set; }
}
