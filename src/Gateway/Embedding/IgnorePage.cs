using Counter.Counting.Pages;
using Counter.Gateway.Embedding.Pages;
using Counter.Gateway.Html;
using Counter.Gateway.Http;
using Counter.Gateway.Visitors;

namespace Counter.Gateway.Embedding;

/// <summary>The page of an ignore link, <c>/?site=…&amp;ignore=…</c>.</summary>
internal static class IgnorePage
{
    /// <summary>Whether a request is for this page.</summary>
    public static bool IsMeant(HttpRequest request) => request.Query.ContainsKey(IgnoredBrowsers.Parameter);

    /// <summary>Has the site ignore the browser, or count it again, and sends the page that says so.</summary>
    public static Task SendAsync(HttpContext context, PageRenderer pages, IgnoredBrowsers ignored)
    {
        var request = context.Request;
        var token = request.Query[IgnoredBrowsers.Parameter].LastOrDefault();
        var isOff = token == IgnoredBrowsers.Off;

        // A page of another site must not do this to its readers with a picture or a frame.
        var isOpened = request.Headers["Sec-Fetch-Dest"].ToString() is "" or "document";
        if (!isOpened || !PageAddress.TryParseSite(request.Query["site"].LastOrDefault(), PageLimits.Default, out var site, out _)
            || !(isOff || ignored.IsValid(token, site)))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return SendAsync(
                context, pages, "This link is not valid.", "It has expired or is incomplete. Anyone with a manage key of the site can create another one.");
        }

        if (!request.IsHttps)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return SendAsync(
                context, pages, "This link needs HTTPS.", "Over plain HTTP browsers do not keep its cookie. Open it with https:// instead.");
        }

        IgnoredBrowsers.Set(context, site, !isOff);
        return isOff
            ? SendAsync(context, pages, $"This browser is counted on {site} again.", "Reload the pages that are already open.")
            : SendAsync(
                context, pages, $"This browser is not counted on {site}.",
                "A cookie in this browser ensures it. If the counter is on another domain than the site, some browsers do not send the cookie and are still counted.",
                ImageAddress.Write("/", ("site", site), (IgnoredBrowsers.Parameter, IgnoredBrowsers.Off)));
    }

    private static Task SendAsync(HttpContext context, PageRenderer pages, string heading, string sentence, string? again = null) => pages.SendAsync<Ignore>(
        context,
        EmbeddingPages.Ignore,
        new Dictionary<string, object?> { [nameof(Ignore.Heading)] = heading, [nameof(Ignore.Sentence)] = sentence, [nameof(Ignore.Again)] = again });
}
