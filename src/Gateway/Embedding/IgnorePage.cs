using Counter.Counting.Pages;
using Counter.Gateway.Embedding.Pages;
using Counter.Gateway.Html;
using Counter.Gateway.Http;
using Counter.Gateway.Visitors;

namespace Counter.Gateway.Embedding;

/// <summary>The page behind <c>/?site=…&amp;ignore=…</c>, a link that those who manage a site make.</summary>
internal static class IgnorePage
{
    /// <summary>Whether a request is for it.</summary>
    public static bool IsMeant(HttpRequest request) => request.Query.ContainsKey(IgnoredBrowsers.Parameter);

    /// <summary>Keeps the browser out of the numbers of the site, or counts it again, and says so.</summary>
    public static Task SendAsync(HttpContext context, PageRenderer pages, IgnoredBrowsers ignored)
    {
        var request = context.Request;
        var link = request.Query[IgnoredBrowsers.Parameter].LastOrDefault();
        var isOff = link == IgnoredBrowsers.Off;

        // A picture of another site's page with this address must not do it.
        var isOpened = request.Headers["Sec-Fetch-Dest"].ToString() is "" or "document";
        if (!isOpened || !PageAddress.TryParseSite(request.Query["site"].LastOrDefault(), PageLimits.Default, out var site, out _)
            || !(isOff || ignored.IsValid(link, site)))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return SendAsync(
                context, pages, "This link is not valid.", "It is older than a day, or something is missing. Who has a key of the site can make another one.");
        }

        if (!request.IsHttps)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return SendAsync(
                context, pages, "This link needs HTTPS.", "Browsers keep the cookie that it sets over HTTPS only. Open it with https:// at the beginning.");
        }

        IgnoredBrowsers.Set(context, site, !isOff);
        return isOff
            ? SendAsync(context, pages, $"This browser is counted on {site} again.", "Pages that are open already have to be loaded again.")
            : SendAsync(
                context, pages, $"This browser is not counted on {site}.",
                "It has a cookie now that says so. If the counter is on another domain than the site, some browsers do not send that, and are counted.",
                ImageAddress.Write("/", ("site", site), (IgnoredBrowsers.Parameter, IgnoredBrowsers.Off)));
    }

    private static Task SendAsync(HttpContext context, PageRenderer pages, string heading, string sentence, string? again = null) => pages.SendAsync<Ignore>(
        context,
        EmbeddingPages.Ignore,
        new Dictionary<string, object?> { [nameof(Ignore.Heading)] = heading, [nameof(Ignore.Sentence)] = sentence, [nameof(Ignore.Again)] = again });
}
