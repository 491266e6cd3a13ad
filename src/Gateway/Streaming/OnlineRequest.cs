using System.Diagnostics.CodeAnalysis;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Counting.Relay;
using Counter.Gateway.Documents;
using Counter.Gateway.Settings;
using Counter.Gateway.Sites;
using Counter.Gateway.Visitors;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Streaming;

/// <summary>The page and the number of a request.</summary>
/// <param name="Page">The page.</param>
/// <param name="Shows">The number to show.</param>
/// <param name="Counts">Whether the client is a viewer of the page. Otherwise it only watches.</param>
/// <param name="Site">The settings of the site.</param>
internal sealed record OnlineRequest(PageKey Page, CountKey Shows, bool Counts, SiteSettings Site);

/// <summary>Reads the page and the number from a request.</summary>
internal sealed class OnlineRequests(IOptions<LimitsOptions> options, SiteSettingsCache sites, RefererProof proof)
{
    /// <summary>What <c>count</c> may be.</summary>
    public const string Counts = "page (the viewers of this page), site (of all its pages), visitors (of the site, each once), "
        + "arrivals (who ever came), today (who came since midnight) or peak (the most at once).";

    /// <summary>What <c>of</c> may be.</summary>
    public const string Totals = "page or site: what arrivals, today or peak are of.";

    /// <summary>What <c>tz</c> may be.</summary>
    public const string Zones = "A time zone by its IANA name, such as Europe/Berlin: today begins at its midnight.";

    private const string Utc = "UTC";

    private readonly PageLimits limits = new(options.Value.SiteLength, options.Value.KeyLength);

    /// <summary>The page comes from the <c>Referer</c>. <c>?site=</c> and <c>?page=</c> replace what browsers leave out.</summary>
    public bool TryRead(
        HttpRequest request, [NotNullWhen(true)] out OnlineRequest? online, [NotNullWhen(false)] out Refusal? refusal) =>
        TryRead(request, Last(request.Query["page"]), out online, out refusal);

    /// <summary>The same with another page than the last <c>?page=</c>.</summary>
    public bool TryRead(
        HttpRequest request, string? named, [NotNullWhen(true)] out OnlineRequest? online, [NotNullWhen(false)] out Refusal? refusal)
    {
        online = null;
        refusal = null;
        var query = request.Query;
        if (!PageAddress.TryDerive(
            request.Headers.Referer.ToString(), Last(query["site"]), named, limits, out var page, out var problem))
        {
            refusal = problem switch
            {
                PageProblem.BadSite => Refusal.BadParameter("site", "A host name such as example.com."),
                PageProblem.BadPage => Refusal.BadParameter("page", "A path such as /blog/first-post."),
                PageProblem.TooLong => Refusal.BadParameter(
                    "page", $"At most {limits.Site} characters of site, and {limits.Key} of site and path together."),
                _ => Refusal.NoPage,
            };
            return false;
        }

        page = sites.Resolve(page);
        if (!sites.IsCounted(page.Site))
        {
            refusal = sites.Find(page.Site) is null ? Refusal.NotRegistered(page.Site) : Refusal.NotCounted(page.Site);
            return false;
        }

        if (Refusal.OfFlags(query) is { } bad)
        {
            refusal = bad;
            return false;
        }

        if (!TryReadCount(query, page, out var shows, out refusal))
        {
            return false;
        }

        // The viewers of a relay channel are its watchers, not the pages that show their number.
        var counts = query["watch"] != "1" && page.Site != ChannelName.Site && !PageAddress.IsArchived(request.Headers.Referer)
            && proof.IsGiven(request, page.Site) && !IgnoredBrowsers.Contains(request, page.Site);
        online = new OnlineRequest(page, shows, counts, sites.Find(page.Site) ?? SiteSettings.Default);
        return true;
    }

    /// <summary>Today as <c>?tz=</c> has it, of a page, or of a site where the path is empty. Without a zone it is that of UTC.</summary>
    public static CountKey Today(IQueryCollection query, string site, string path) => CountKey.ForTotal(CountOf.Today, site, path, Last(query["tz"]) ?? Utc);

    private static bool TryReadCount(IQueryCollection query, PageKey page, out CountKey shows, [NotNullWhen(false)] out Refusal? refusal)
    {
        var (of, zone) = (Last(query["of"]), Last(query["tz"]));
        var path = of == "site" ? "" : page.Path;
        CountKey? known = Last(query["count"]) switch
        {
            null or "page" => CountKey.ForPage(page),
            "site" => CountKey.ForSite(page.Site),
            "visitors" => CountKey.ForVisitors(page.Site),
            "arrivals" => CountKey.ForTotal(CountOf.Arrivals, page.Site, path),
            "today" => Today(query, page.Site, path),
            "peak" => CountKey.ForTotal(CountOf.Peak, page.Site, path),
            _ => null,
        };
        shows = known ?? default;
        refusal = known is null ? Refusal.BadParameter("count", Counts)
            : of is not (null or "page" or "site") ? Refusal.BadParameter("of", Totals)
            : zone is not null && ZoneDay.FindZone(zone) is null ? Refusal.BadParameter("tz", Zones)
            : null;
        return refusal is null;
    }

    private static string? Last(Microsoft.Extensions.Primitives.StringValues values) =>
        values.Count == 0 || string.IsNullOrEmpty(values[^1]) ? null : values[^1];
}
