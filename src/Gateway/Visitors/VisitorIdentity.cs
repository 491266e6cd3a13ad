using System.Security.Cryptography;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Gateway.Streaming;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Visitors;

/// <summary>Tells one browser on one site from another: by the site's cookie, by the HTTP/2 connection, or by address and agent.</summary>
internal sealed class VisitorIdentity(IOptions<IdentityOptions> options, DailySalt salt)
{
    /// <summary>The cookie's name.</summary>
    public const string Cookie = "counter";

    private const int CookieBytes = 16;

    private readonly HashSet<string> cookieSites =
        [.. options.Value.CookieSites.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>Describes who opens a stream. May set the cookie, so it comes before the answer begins.</summary>
    public Arrival Describe(HttpContext context, PageKey page)
    {
        var request = context.Request;
        var arrival = new Arrival(page, default, request.Path + request.QueryString.Value)
        {
            // Only browsers share six connections among their pages; a tool that opens many means it.
            Scarce = HttpProtocol.IsHttp11(request.Protocol) && Client.IsBrowser(request),
        };

        // Cross-site cookies have to be Secure, so over plain HTTP there are none.
        var wantsCookie = request.IsHttps && cookieSites.Contains(page.Site);
        if (wantsCookie && IsOurs(request.Cookies[Cookie], out var value))
        {
            return arrival with { Visitor = ByCookie(page.Site, value) };
        }

        arrival = WithoutCookie(context, arrival);
        return wantsCookie ? arrival with { Issued = ByCookie(page.Site, GiveCookie(context.Response)) } : arrival;
    }

    private Arrival WithoutCookie(HttpContext context, Arrival arrival)
    {
        var request = context.Request;
        var site = arrival.Page.Site;
        if (CameThroughUnknownProxy(request))
        {
            // Everybody behind it has its address. Better to count connections than to take all of them for one person.
            return arrival with { Visitor = new VisitorKey(site, IdentityKind.None, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8))) };
        }

        if (request.IsHttps && HttpProtocol.IsHttp2(request.Protocol))
        {
            return arrival with { Visitor = new VisitorKey(site, IdentityKind.Strong, salt.HashForGood($"{site}\nconnection\n{context.Connection.Id}")) };
        }

        var (today, yesterday) = salt.Hash($"{site}\n{context.Connection.RemoteIpAddress}\n{request.Headers.UserAgent}");
        return arrival with
        {
            Visitor = new VisitorKey(site, IdentityKind.Weak, today),
            Before = new VisitorKey(site, IdentityKind.Weak, yesterday),
        };
    }

    /// <summary>
    /// Whether the request says that it was forwarded and nobody we trust vouches for it. A trusted proxy's headers have been
    /// read by now, and what they said is the connection's address (<c>X-Original-For</c> keeps what was there).
    /// </summary>
    private static bool CameThroughUnknownProxy(HttpRequest request) =>
        !request.Headers.ContainsKey("X-Original-For")
        && (request.Headers.ContainsKey("X-Forwarded-For") || request.Headers.ContainsKey("Forwarded") || request.Headers.ContainsKey("Via"));

    private static bool IsOurs(string? cookie, out string value)
    {
        value = cookie ?? "";
        return value.Length == Base64UrlLength && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
    }

    private static string GiveCookie(HttpResponse response)
    {
        var value = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(CookieBytes));
        response.Cookies.Append(Cookie, value, new CookieOptions
        {
            Secure = true,
            HttpOnly = true,
            SameSite = SameSiteMode.None,
            Path = "/online",
            Extensions = { "Partitioned" },
        });
        return value;
    }

    private const int Base64UrlLength = (CookieBytes * 8 + 5) / 6;

    private VisitorKey ByCookie(string site, string value) =>
        new(site, IdentityKind.Strong, salt.HashForGood($"{site}\ncookie\n{value}"));
}
