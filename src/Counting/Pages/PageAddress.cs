using System.Diagnostics.CodeAnalysis;

namespace Counter.Counting.Pages;

/// <summary>
/// Derives the page of a request. All names of sites and pages are normalised here, so that each is written in one way. Nothing here
/// throws for any input.
/// </summary>
public static class PageAddress
{
    /// <summary>Derives the page from a request's header and parameters.</summary>
    /// <param name="referer">The Referer header. One that is not an http or https URL counts as none.</param>
    /// <param name="site">
    /// The <c>site</c> parameter, decoded: <c>host</c>, <c>host:port</c> or a URL whose host is used. It takes precedence over the Referer's
    /// site. If the two differ, the Referer's path belongs to another site and is ignored.
    /// </param>
    /// <param name="page">
    /// The <c>page</c> parameter, decoded: <c>/path?query</c>, <c>path</c>, or a URL whose path and query are used. The URL's host is used
    /// only if there is neither a site nor a usable Referer. The parameter takes precedence over the Referer's path.
    /// </param>
    /// <param name="limits">The length limits of the result.</param>
    /// <param name="key">The page; empty if there is a problem.</param>
    /// <param name="problem">The reason why there is no page.</param>
    /// <returns>Whether there is a page.</returns>
    public static bool TryDerive(
        string? referer, string? site, string? page, PageLimits limits, out PageKey key, out PageProblem problem)
    {
        ArgumentNullException.ThrowIfNull(limits);
        key = default;
        string? name = null;
        if (!string.IsNullOrEmpty(site) && !TryParseSite(site, limits, out name, out problem))
        {
            return false;
        }

        var refererPath = ReadOnlySpan<char>.Empty;
        var refererSite = name is not null && !string.IsNullOrEmpty(page) ? null : PageMirrors.Resolve(ReadUrl(referer, out refererPath), ref refererPath);
        string? path;
        if (!string.IsNullOrEmpty(page))
        {
            var pagePath = page.AsSpan();
            var pageSite = HasScheme(pagePath) ? ReadUrl(page, out pagePath) : "";
            path = pageSite is null ? null : PagePath.Normalise(pagePath);
            if (path is null)
            {
                problem = PageProblem.BadPage;
                return false;
            }

            name ??= refererSite ?? pageSite;
        }
        else
        {
            // A Referer with an invalid path counts as none.
            path = refererSite is null ? null : PagePath.Normalise(refererPath);
            var refererCounts = path is not null && (name is null || name == refererSite);
            name ??= path is null ? null : refererSite;
            path = refererCounts ? path : "/";
        }

        problem = string.IsNullOrEmpty(name) ? PageProblem.NoPage
            : name.Length > limits.Site || name.Length + path!.Length > limits.Key ? PageProblem.TooLong
            : PageProblem.None;
        if (problem != PageProblem.None)
        {
            return false;
        }

        key = new PageKey(name!, path!);
        return true;
    }

    /// <summary>Whether a Referer is a page of an archive. Its readers are not on the original site.</summary>
    public static bool IsArchived(string? referer) => PageMirrors.IsArchive(ReadUrl(referer, out _));

    /// <summary>Reads a site as people write it: <c>host</c>, <c>host:port</c>, or an http or https URL whose host is used.</summary>
    /// <param name="text">The text.</param>
    /// <param name="limits">The length limits of the result.</param>
    /// <param name="site">The site, as in <see cref="PageKey.Site"/>.</param>
    /// <param name="problem"><see cref="PageProblem.BadSite"/> or <see cref="PageProblem.TooLong"/> if the text is no site.</param>
    public static bool TryParseSite(
        string? text, PageLimits limits, [NotNullWhen(true)] out string? site, out PageProblem problem)
    {
        ArgumentNullException.ThrowIfNull(limits);
        site = HasScheme(text) ? ReadUrl(text, out _) : SiteName.Normalise(SplitAuthority(text, out _));
        problem = site is null ? PageProblem.BadSite : site.Length > limits.Site ? PageProblem.TooLong : PageProblem.None;
        site = problem == PageProblem.None ? site : null;
        return site is not null;
    }

    /// <summary>The site of an http or https URL and the rest of it; null for anything else.</summary>
    private static string? ReadUrl(ReadOnlySpan<char> url, out ReadOnlySpan<char> path)
    {
        path = default;
        var colon = url.IndexOf("://");
        return colon >= 0 && url[..colon] is var scheme
            && (scheme.Equals("http", StringComparison.OrdinalIgnoreCase) || scheme.Equals("https", StringComparison.OrdinalIgnoreCase))
            ? SiteName.Normalise(SplitAuthority(url[(colon + 3)..], out path))
            : null;
    }

    private static ReadOnlySpan<char> SplitAuthority(ReadOnlySpan<char> text, out ReadOnlySpan<char> path)
    {
        var end = text.IndexOfAny("/\\?#");
        path = end < 0 ? default : text[end..];
        return end < 0 ? text : text[..end];
    }

    /// <summary>Whether the text is a URL: its <c>://</c> comes before any path or query.</summary>
    private static bool HasScheme(ReadOnlySpan<char> text) =>
        text.IndexOf("://") is >= 0 and var colon && text.IndexOfAny("/\\?#") > colon;
}
