using System.Collections.Frozen;
using Counter.Counting.Pages;
using Counter.Counting.Relay;
using Counter.Gateway.Documents;
using Counter.Gateway.Settings;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Sites;

/// <summary>Caches the settings of sites for requests.</summary>
internal sealed class SiteSettingsCache
{
    private readonly DocumentCache<SiteSettings> documents;
    private readonly FrozenSet<string> cookieSites;
    private readonly bool registeredOnly;
    private volatile FrozenDictionary<string, string> siteByHost = FrozenDictionary<string, string>.Empty;

    public SiteSettingsCache(DocumentCache<SiteSettings> documents, IOptions<SitesOptions> sites, IOptions<IdentityOptions> identity)
    {
        this.documents = documents;
        cookieSites = identity.Value.ReadCookieSites();
        registeredOnly = sites.Value.Mode == SitesOptions.Registered;
        documents.Changed += (before, now) =>
        {
            siteByHost = now.SelectMany(site => site.Value.Value.Hosts.Select(host => (Host: host, Site: site.Key)))
                .DistinctBy(pair => pair.Host)
                .ToFrozenDictionary(pair => pair.Host, pair => pair.Site, StringComparer.Ordinal);

            Changed?.Invoke(before.Keys.Union(now.Keys).ToFrozenSet(StringComparer.Ordinal));
        };
    }

    /// <summary>Raised after settings were read, with the sites that had or have some.</summary>
    public event Action<FrozenSet<string>>? Changed;

    /// <summary>The settings of a site. Null when it has none.</summary>
    public SiteSettings? Find(string site) => documents.Entries.GetValueOrDefault(site)?.Value;

    /// <summary>The same page, with the site that owns its host.</summary>
    public PageKey Resolve(PageKey page) => siteByHost.TryGetValue(page.Site, out var site) ? page with { Site = site } : page;

    /// <summary>The site that has a host as an extra one. Null for none.</summary>
    public string? OwnerOf(string host) => siteByHost.GetValueOrDefault(host);

    /// <summary>Whether a cookie identifies the visitors of a site.</summary>
    public bool WantsCookie(string site) => Find(site)?.Identity is { } chosen
        ? chosen == SiteIdentity.Cookie
        : cookieSites.Contains(site);

    /// <summary>Whether everybody may read the page of a site.</summary>
    public bool IsPublic(string site) => Find(site)?.Public is true;

    public bool IsCounted(string site) => Find(site)?.Counting ?? (!registeredOnly || site == ChannelName.Site);
}
