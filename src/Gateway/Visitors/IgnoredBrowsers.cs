using Counter.Gateway.Cluster;

namespace Counter.Gateway.Visitors;

/// <summary>Browsers that are kept out of the numbers of a site, as their owners wish: by a cookie that a link of the site sets.</summary>
internal sealed class IgnoredBrowsers(ClusterSecret secret, TimeProvider clock)
{
    /// <summary>The parameter of the link.</summary>
    public const string Parameter = "ignore";

    /// <summary>What the parameter says where the browser is to be counted again. Anybody may say that of their own.</summary>
    public const string Off = "off";

    /// <summary>The cookie's name. Browsers take one with this prefix from this host only, and not from a neighbour below the same domain.</summary>
    public const string Cookie = "__Host-counter-ignore";

    /// <summary>How long a link is good.</summary>
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(24);

    // Browsers keep 4,096 bytes of a cookie, and none for longer (RFC 6265bis, 5.5).
    private const int MostSites = 20;
    private const int LongestCookie = 3000;
    private static readonly TimeSpan CookieLifetime = TimeSpan.FromDays(400);

    // No site has one in its name.
    private const char Separator = '/';

    private readonly SignedTokens tokens = new(secret, "ignored browsers", LinkLifetime, clock);

    /// <summary>Whether a request comes from a browser that a site does not count.</summary>
    public static bool Contains(HttpRequest request, string site) => SitesOf(request).Contains(site);

    /// <summary>What the link of a site has in its parameter.</summary>
    public string MakeLink(string site) => tokens.Issue(site);

    /// <summary>Whether a link was made for a site, and is still good.</summary>
    public bool IsValid(string? link, string site) => tokens.IsValid(link, site);

    /// <summary>Keeps a browser out of the numbers of a site, or no longer.</summary>
    public static void Set(HttpContext context, string site, bool isIgnored)
    {
        var sites = SitesOf(context.Request).Where(other => other != site).Take(MostSites - 1).ToList();
        if (isIgnored)
        {
            sites.Insert(0, site);
        }

        context.Response.Cookies.Append(Cookie, string.Join(Separator, sites), new CookieOptions
        {
            Secure = true,
            HttpOnly = true,
            SameSite = SameSiteMode.None,
            Path = "/",
            MaxAge = sites.Count == 0 ? TimeSpan.Zero : CookieLifetime,
        });
    }

    // What reads cookies stays in memory as long as a stream is open, and hardly any request has this one.
    private static string[] SitesOf(HttpRequest request) =>
        request.Headers.Cookie.ToString().Contains(Cookie, StringComparison.Ordinal) && request.Cookies[Cookie] is { Length: <= LongestCookie } sites
            ? sites.Split(Separator, StringSplitOptions.RemoveEmptyEntries)
            : [];
}
