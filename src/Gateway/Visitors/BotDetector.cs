using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Counter.Counting.Pages;

namespace Counter.Gateway.Visitors;

/// <summary>
/// Recognises requests without a viewer: prefetches, image proxies, link previews, crawlers, and servers that fetch a picture. They get one
/// still picture and do not count.
/// </summary>
internal sealed partial class BotDetector
{
    private const int MostPages = 10_000;

    private readonly ConcurrentDictionary<PageKey, int> seen = [];

    /// <summary>Whether a request has no viewer. Counts such requests for <c>?explain=1</c>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="page">The page of the request.</param>
    /// <param name="needsSign">
    /// Whether the request needs a sign of a browser or player. It does not where the address itself implies an endless response.
    /// </param>
    public bool Recognise(HttpRequest request, PageKey page, bool needsSign)
    {
        if (!IsNobody(request) && !(needsSign && IsFetcher(request)))
        {
            return false;
        }

        if (seen.Count >= MostPages)
        {
            seen.Clear();
        }

        seen.AddOrUpdate(page, 1, static (_, count) => count == int.MaxValue ? count : count + 1);
        return true;
    }

    /// <summary>The recent requests for a page that had no viewer.</summary>
    public int Seen(PageKey page) => seen.GetValueOrDefault(page);

    /// <summary>
    /// Whether a browser prefetches the picture. It requests the picture again when the page is shown. <c>Sec-Purpose</c> contains
    /// <c>prefetch</c>; older browsers send <c>Purpose</c> or <c>X-Moz</c>.
    /// </summary>
    public static bool IsPrefetch(HttpRequest request) =>
        !IsPrerender(request)
        && (Contains(request.Headers["Sec-Purpose"], "prefetch")
            || Contains(request.Headers["Purpose"], "prefetch")
            || Contains(request.Headers["X-Moz"], "prefetch"));

    /// <summary>Whether a browser prerenders a page (<c>prefetch;prerender</c>). It shows this response later, without another request.</summary>
    public static bool IsPrerender(HttpRequest request) => Contains(request.Headers["Sec-Purpose"], "prerender");

    /// <summary>
    /// Whether the request has no sign of a browser or a player. It comes from a server that fetches the picture, such as a forum that checks
    /// the address, or an image proxy. Both wait for the end of the response.
    /// </summary>
    public static bool IsFetcher(HttpRequest request) => !Client.IsBrowser(request) && !Client.IsPlayer(request);

    /// <summary>Whether the requested picture has no viewer.</summary>
    public static bool IsNobodys(HttpRequest request) => IsNobody(request) || IsFetcher(request);

    /// <summary>Crawlers and proxies name themselves in <c>User-Agent</c>. Only a browser that prefetches does not.</summary>
    private static bool IsNobody(HttpRequest request) => IsPrefetch(request)
        || (!Client.IsPlayer(request) && request.Headers.UserAgent.ToString() is var agent && (CrawlerAgents.Matches(agent) || Agents().IsMatch(agent)));

    private static bool Contains(string? header, string word) => header?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;

    // Most crawlers have a word that ends in "bot" before a slash, semicolon, bracket or the end (CUBOT is a phone), or a link about themselves
    // (+https://...), which no browser has. CrawlerAgents has those with neither. The rest of this expression is on no list.
    [GeneratedRegex(
        """
        (?<!cu)bot(?=[/;)\s,-]|$) | \+https?: | crawler | spider | slurp
        | YahooMailProxy | GoogleImageProxy | Slack-ImgProxy | facebookcatalog | SkypeUriPreview | Misskey | Mastodon/ | Pleroma | vkShare
        | StatusCake | GTmetrix | Chrome-Lighthouse
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Agents();
}
