using Counter.Gateway.Cluster;

namespace Counter.Gateway.Visitors;

/// <summary>The browsers that a site does not count. An ignore link sets the cookie that names the site.</summary>
internal sealed class IgnoredBrowsers(ClusterSecret secret, TimeProvider clock)
{
    /// <summary>The parameter of the link with its token.</summary>
    public const string Parameter = "ignore";

    /// <summary>The value that has the browser counted again. It needs no token.</summary>
    public const string Off = "off";

    /// <summary>The name of the cookie. Because of its prefix, another host of the same domain cannot set it.</summary>
    public const string Cookie = "__Host-counter-ignore";

    /// <summary>How long a link is valid.</summary>
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(24);

    // Browsers keep cookies of at most 4,096 bytes, for at most 400 days (RFC 6265bis, 5.5).
    private const int MostSites = 20;
    private const int LongestCookie = 3000;
    private static readonly TimeSpan CookieLifetime = TimeSpan.FromDays(400);

    // It is not part of the name of any site.
    private const char Separator = '/';

    private readonly SignedTokens tokens = new(secret, "ignored browsers", LinkLifetime, clock);

    /// <summary>Whether a site does not count the browser that sent a request.</summary>
    public static bool Contains(HttpRequest request, string site) => SitesOf(request).Contains(site);

    /// <summary>Makes the token of a link.</summary>
    public string MakeToken(string site) => tokens.Issue(site);

    /// <summary>Whether a token was made for a site and has not expired.</summary>
    public bool IsValid(string? token, string site) => tokens.IsValid(token, site);

    /// <summary>Sets whether a site ignores the browser.</summary>
    public static void Set(HttpContext context, string site, bool isIgnored)
    {
        var sites = SitesOf(context.Request).Where(other => other != site).Take(MostSites - 1).ToList();
        if (isIgnored)
        {
            sites.Insert(0, site);
        }

        while (string.Join(Separator, sites).Length > LongestCookie)
        {
            sites.RemoveAt(sites.Count - 1);
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

    // Parsed cookies stay in memory while a stream is open, so they are parsed only when this one is there.
    private static string[] SitesOf(HttpRequest request) =>
        request.Headers.Cookie.ToString().Contains(Cookie, StringComparison.Ordinal) && request.Cookies[Cookie] is { Length: <= LongestCookie } sites
            ? sites.Split(Separator, StringSplitOptions.RemoveEmptyEntries)
            : [];
}
