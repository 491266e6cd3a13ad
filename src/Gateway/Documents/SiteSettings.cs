using System.Text.Json.Serialization;
using Counter.Gateway.Settings;

namespace Counter.Gateway.Documents;

/// <summary>What people decided about a site.</summary>
internal sealed record SiteSettings
{
    /// <summary>What holds for a site that nobody decided anything about.</summary>
    public static SiteSettings Default { get; } = new();

    /// <summary>Whether the site is counted; one that is not gets a still picture that says so.</summary>
    public bool Counting { get; set; } = true;

    /// <summary>Other hosts that are this site, each as a site is written: <c>shop.example.com</c>, <c>example.org</c>.</summary>
    public IReadOnlyList<string> Hosts { get; set; } = [];

    /// <summary>How visitors are told apart; null: as <c>Identity:CookieSites</c> says.</summary>
    public SiteIdentity? Identity { get; set; }

    /// <summary>Whether its pictures are probed; null: as <c>Streaming:Probes</c> says, and where that is off, nothing is.</summary>
    public bool? Probes { get; set; }

    /// <summary>Limits of its own.</summary>
    public SiteLimits Limits { get; set; } = new();

    /// <summary>
    /// How its numbers look unless a picture's address says otherwise: the same parameters, as <c>"color": "#0a7a4c"</c>.
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

/// <summary>Limits of one site; those that are null are the installation's.</summary>
internal sealed record SiteLimits
{
    /// <summary>Pages that may ever be counted.</summary>
    public int? Pages { get; set; }

    /// <summary>Open streams that show one number.</summary>
    public int? StreamsPerPage { get; set; }
}
