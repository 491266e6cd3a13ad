using System.Diagnostics.CodeAnalysis;
using Counter.Counting.Pages;
using Counter.Counting.Relay;
using Counter.Gateway.Documents;
using Counter.Gateway.Settings;
using Counter.Gateway.Sites;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Streaming;

/// <summary>The page and the number of a request.</summary>
/// <param name="Page">The page.</param>
/// <param name="Shows">The number to show.</param>
/// <param name="Counts">Whether the client is a viewer of the page. Otherwise it only watches.</param>
/// <param name="Site">The settings of the site.</param>
internal sealed record OnlineRequest(PageKey Page, CountKey Shows, bool Counts, SiteSettings Site);

/// <summary>Reads the page and the number from a request.</summary>
internal sealed class OnlineRequests(IOptions<LimitsOptions> options, SiteSettingsCache sites)
{
    private readonly PageLimits limits = new(options.Value.SiteLength, options.Value.KeyLength);

    /// <summary>The page comes from the <c>Referer</c>. <c>?site=</c> and <c>?page=</c> replace what browsers leave out.</summary>
    public bool TryRead(
        HttpRequest request, [NotNullWhen(true)] out OnlineRequest? online, [NotNullWhen(false)] out Refusal? refusal)
    {
        online = null;
        refusal = null;
        var query = request.Query;
        if (!PageAddress.TryDerive(
            request.Headers.Referer.ToString(), Last(query["site"]), Last(query["page"]), limits, out var page, out var problem))
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

        CountKey? shows = Last(query["count"]) switch
        {
            null or "page" => CountKey.ForPage(page),
            "site" => CountKey.ForSite(page.Site),
            "visitors" => CountKey.ForVisitors(page.Site),
            _ => null,
        };
        if (shows is null)
        {
            refusal = Refusal.BadParameter("count", "page (the viewers of this page), site (of all its pages) or visitors (of the site, each once).");
            return false;
        }

        // The viewers of a relay channel are its watchers, not the pages that show their number.
        var counts = query["watch"] != "1" && page.Site != ChannelName.Site && !PageAddress.IsArchived(request.Headers.Referer);
        online = new OnlineRequest(page, shows.Value, counts, sites.Find(page.Site) ?? SiteSettings.Default);
        return true;
    }

    private static string? Last(Microsoft.Extensions.Primitives.StringValues values) =>
        values.Count == 0 || string.IsNullOrEmpty(values[^1]) ? null : values[^1];
}
