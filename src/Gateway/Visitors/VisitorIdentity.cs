using System.Security.Cryptography;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Gateway.Network;
using Counter.Gateway.Sites;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.WebUtilities;

namespace Counter.Gateway.Visitors;

/// <summary>Identifies a browser on a site by the site's cookie, by the HTTP/2 connection, or by address and agent.</summary>
internal sealed partial class VisitorIdentity(SiteSettingsCache sites, DailySalt salt, ILogger<VisitorIdentity> log)
{
    public const string Cookie = "counter";

    private const int LongestLoad = 32;
    private const int CookieBytes = 16;
    private const int CookieLength = (CookieBytes * 8 + 5) / 6;

    private static readonly string[] ForwardingHeaders =
        ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via"];

    private int warned;

    /// <summary>Describes the visitor who opens a stream. May set the cookie, so it is called before the response begins.</summary>
    /// <param name="context">The request.</param>
    /// <param name="page">The page.</param>
    /// <param name="settles">What makes the browser close the stream of a left page.</param>
    /// <param name="browser">The engine and major version, such as <c>Chromium 156</c>. Null where it does not matter.</param>
    /// <param name="apart">
    /// Whether a browser is another visitor on each page of the site. True where people open pages side by side: a new page does not suspect the
    /// others.
    /// </param>
    public StreamOrigin Describe(HttpContext context, PageKey page, SettledBy settles, string? browser, bool apart = false)
    {
        var scope = apart ? page.ToString() : page.Site;
        var request = context.Request;
        var origin = new StreamOrigin(page, default, Picture(request))
        {
            Load = request.Query["visit"] is [{ Length: > 0 and <= LongestLoad } load, ..] ? load : null,
            Settles = settles,
            Browser = browser,
            Network = settles == SettledBy.Padding ? NetworkOf(context) : null,
            Prerendered = BotDetector.IsPrerender(request),
            IsAgain = request.Query.ContainsKey("again") || Client.HasReadEvents(request),
        };

        var wantsCookie = WantsCookie(request, page.Site);
        if (CookieOf(request, page.Site) is { } value)
        {
            return origin with { Visitor = ByCookie(page.Site, scope, value) };
        }

        origin = WithoutCookie(context, origin, scope);
        return wantsCookie ? origin with { Issued = ByCookie(page.Site, scope, GiveCookie(context.Response)) } : origin;
    }

    /// <summary>Gives the site's cookie to a visitor without one, where the site uses cookies. Called before the response begins.</summary>
    public void GiveCookie(HttpContext context, string site)
    {
        if (WantsCookie(context.Request, site) && CookieOf(context.Request, site) is null)
        {
            GiveCookie(context.Response);
        }
    }

    /// <summary>The value of a visitor's cookie. Null where the site uses none, or the cookie is not ours.</summary>
    public string? CookieOf(HttpRequest request, string site) =>
        WantsCookie(request, site) && IsOurs(request.Cookies[Cookie], out var value) ? value : null;

    /// <summary>Cross-site cookies have to be Secure, so plain HTTP has none.</summary>
    private bool WantsCookie(HttpRequest request, string site) => request.IsHttps && sites.WantsCookie(site);

    /// <summary>
    /// The picture of a request, without the parameters that only make its address unique. A picture in one of our pages, which names its load,
    /// differs from the same picture beside it: a page may have both.
    /// </summary>
    private static string Picture(HttpRequest request) =>
        request.Path + (request.Query.ContainsKey("visit") ? "&visit" : "") + string.Concat(request.Query
            .Where(parameter => parameter.Key is not ("visit" or "again" or RefererProof.Parameter or Client.OwnAddress))
            .Select(parameter => $"&{parameter.Key}={parameter.Value}"));

    /// <summary>The network of a client. Null for private networks: they belong to a proxy or an intranet, where many share an address.</summary>
    private ulong? NetworkOf(HttpContext context)
    {
        var address = ClientAddress.Of(context);
        if (NetworkAddress.IsPrivate(address))
        {
            return null;
        }

        // A customer can have a /48 of IPv6 (RFC 6177).
        var bytes = address.GetAddressBytes();
        return salt.HashForRun("network\n" + Convert.ToHexString(bytes, 0, Math.Min(bytes.Length, 6)));
    }

    private StreamOrigin WithoutCookie(HttpContext context, StreamOrigin origin, string scope)
    {
        var request = context.Request;
        var site = origin.Page.Site;
        if (CameThroughUnknownProxy(request))
        {
            if (Interlocked.Exchange(ref warned, 1) == 0)
            {
                LogUnknownProxy();
            }

            // All visitors behind the proxy have its address. Counting connections is better than counting all of them as one visitor.
            return origin with { Visitor = new VisitorKey(site, IdentityKind.None, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8))) };
        }

        if (request.IsHttps && HttpProtocol.IsHttp2(request.Protocol) && !CameThroughTrustedProxy(request))
        {
            return origin with { Visitor = new VisitorKey(site, IdentityKind.Strong, salt.HashForRun($"{scope}\nconnection\n{context.Connection.Id}")) };
        }

        var (today, yesterday) = salt.Hash($"{scope}\n{ClientAddress.Whole(context)}\n{request.Headers.UserAgent}");
        return origin with
        {
            Visitor = new VisitorKey(site, IdentityKind.Weak, today),
            Before = new VisitorKey(site, IdentityKind.Weak, yesterday),
        };
    }

    /// <summary>
    /// Whether an untrusted proxy forwarded the request. The headers of a trusted proxy have been applied by now, so the connection has the
    /// client's address. nginx by default adds no header about the client but sends <c>Connection: close</c>, which no browser sends.
    /// </summary>
    public static bool CameThroughUnknownProxy(HttpRequest request) =>
        !CameThroughTrustedProxy(request)
        && (ForwardingHeaders.Any(request.Headers.ContainsKey)
            || (Client.IsBrowser(request) && request.Headers.Connection.ToString().Contains("close", StringComparison.OrdinalIgnoreCase)));

    /// <summary>Whether an untrusted proxy names itself in <c>Via</c>.</summary>
    public static bool CameThroughUnknownVia(HttpRequest request) =>
        request.Headers.ContainsKey("Via") && !CameThroughTrustedProxy(request);

    /// <summary>Whether the framework has applied a trusted proxy's headers. An <c>X-Original-For</c> of a client is removed before this.</summary>
    public static bool CameThroughTrustedProxy(HttpRequest request) =>
        request.Headers.ContainsKey(ForwardedHeadersDefaults.XOriginalForHeaderName);

    private static bool IsOurs(string? cookie, out string value)
    {
        value = cookie ?? "";
        return value.Length == CookieLength && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
    }

    private static string GiveCookie(HttpResponse response)
    {
        var value = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(CookieBytes));
        response.Cookies.Append(Cookie, value, new CookieOptions
        {
            Secure = true,
            HttpOnly = true,
            SameSite = SameSiteMode.None,
            // Not /online: a cookie of that path is not sent to /online.png (RFC 6265, 5.1.4).
            Path = "/",
            Extensions = { "Partitioned" },
        });
        return value;
    }

    private VisitorKey ByCookie(string site, string scope, string value) =>
        new(site, IdentityKind.Strong, salt.HashForGood($"{scope}\ncookie\n{value}"));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Requests come through a proxy that is not in Proxies:Trusted, so visitors cannot be distinguished: "
        + "every connection counts until the browser closes it.")]
    private partial void LogUnknownProxy();
}
