using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Counter.Counting.Pages;

namespace Counter.Gateway.Visitors;

/// <summary>
/// Recognises requests that nobody looks at: prefetches, image proxies, link previews, crawlers, and servers that fetch a picture. They get one still
/// picture and do not count.
/// </summary>
internal sealed partial class BotDetector
{
    private const int MostPages = 10_000;

    private readonly ConcurrentDictionary<PageKey, int> seen = [];

    /// <summary>Whether a request is nobody's; keeps count for <c>?explain=1</c>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="page">The page that it is about.</param>
    /// <param name="needsSign">Whether it takes a sign of somebody: not where the address itself says that the answer is endless.</param>
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

    /// <summary>The requests for a page that were nobody's, as far back as is kept.</summary>
    public int Seen(PageKey page) => seen.GetValueOrDefault(page);

    /// <summary>
    /// Whether a browser asks in case somebody looks later; then it must ask again. <c>Sec-Purpose</c> contains <c>prefetch</c>; older browsers say
    /// <c>Purpose</c> or <c>X-Moz</c>.
    /// </summary>
    public static bool IsPrefetch(HttpRequest request) =>
        !IsPrerender(request)
        && (Contains(request.Headers["Sec-Purpose"], "prefetch")
            || Contains(request.Headers["Purpose"], "prefetch")
            || Contains(request.Headers["X-Moz"], "prefetch"));

    /// <summary>
    /// Whether a browser loads a whole page before anybody looks at it (<c>prefetch;prerender</c>): what it gets now is what is shown then, and nobody is
    /// asked again.
    /// </summary>
    public static bool IsPrerender(HttpRequest request) => Contains(request.Headers["Sec-Purpose"], "prerender");

    /// <summary>
    /// Whether nothing says that a browser or a player asks: it is a server that fetches the picture, such as a forum that looks whether it is one, or
    /// a proxy that passes pictures on. Both wait for the end of the answer.
    /// </summary>
    public static bool IsFetcher(HttpRequest request) => !Client.IsBrowser(request) && !Client.IsPlayer(request);

    /// <summary>Whether nobody looks at the picture that is asked for.</summary>
    public static bool IsNobodys(HttpRequest request) => IsNobody(request) || IsFetcher(request);

    /// <summary>Whoever is not a browser that prefetches says what it is in its <c>User-Agent</c>.</summary>
    private static bool IsNobody(HttpRequest request) => IsPrefetch(request)
        || (!Client.IsPlayer(request) && request.Headers.UserAgent.ToString() is var agent && (CrawlerAgents.Matches(agent) || Agents().IsMatch(agent)));

    private static bool Contains(string? header, string word) => header?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;

    // Most crawlers have a word that ends in "bot" before a slash, semicolon, bracket or the end (CUBOT is a phone), or say where
    // to read about them (+https://...), which no browser does; CrawlerAgents has those that do neither. Then some that no list has.
    [GeneratedRegex(
        """
        (?<!cu)bot(?=[/;)\s,-]|$) | \+https?: | crawler | spider | slurp
        | YahooMailProxy | GoogleImageProxy | Slack-ImgProxy | facebookcatalog | SkypeUriPreview | Misskey | Mastodon/ | Pleroma | vkShare
        | StatusCake | GTmetrix | Chrome-Lighthouse
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Agents();
}
