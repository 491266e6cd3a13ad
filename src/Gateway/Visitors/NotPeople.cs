using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Counter.Counting.Pages;

namespace Counter.Gateway.Visitors;

/// <summary>
/// Recognises requests that nobody looks at: prefetches, the image proxies of GitHub and of mail programs, link previews and
/// crawlers. They get one still picture and do not count.
/// </summary>
internal sealed partial class NotPeople
{
    private const int MostPages = 10_000;

    private readonly ConcurrentDictionary<PageKey, int> seen = [];

    /// <summary>Whether a request is nobody's; keeps count for <c>?explain=1</c>.</summary>
    public bool Recognise(HttpRequest request, PageKey page)
    {
        if (!IsNobody(request))
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

    /// <summary>Whoever is not a browser that prefetches says what it is in its <c>User-Agent</c>.</summary>
    private static bool IsNobody(HttpRequest request) =>
        IsPrefetch(request) || Agents().IsMatch(request.Headers.UserAgent.ToString());

    private static bool Contains(string? header, string word) => header?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;

    // Most crawlers have a word that ends in "bot" before a slash, semicolon, bracket or the end (CUBOT is a phone), or say where
    // to read about them (+https://...), which no browser does; the others by name.
    [GeneratedRegex(
        """
        (?<!cu)bot(?=[/;)\s,-]|$) | \+https?: | crawler | spider | slurp
        | github-camo | GoogleImageProxy | YahooMailProxy | Slack-ImgProxy | Slackbot | Discordbot | TelegramBot
        | facebookexternalhit | facebookcatalog | meta-externalagent | Facebot | Twitterbot | LinkedInBot | WhatsApp/ | SkypeUriPreview
        | Google-InspectionTool | Mediapartners-Google | APIs-Google | BingPreview | Iframely | Embedly | redditbot | vkShare
        | Mastodon/ | Pleroma | Misskey | Bluesky\ Cardyb | Discourse\ Forum\ Onebox | ia_archiver | archive\.org
        | Chrome-Lighthouse | GTmetrix | Pingdom | UptimeRobot | StatusCake
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Agents();
}
