namespace Counter.Counting.Pages;

/// <summary>Hosts that show pages of other sites under their own names. Their readers count as readers of the other site.</summary>
internal static class PageMirrors
{
    // Google translates https://my-site.example.com/a as https://my--site-example-com.translate.goog/a?_x_tr_sl=… .
    private const string Translate = ".translate.goog";

    // Caches of AMP pages: https://my--site-example-com.cdn.ampproject.org/c/s/my-site.example.com/a (https://developers.google.com/amp/cache/overview).
    private const string Amp = ".cdn.ampproject.org";

    private const string Archive = "web.archive.org";

    /// <summary>Whether a site is an archive of old pages. Its readers are not on the original site.</summary>
    public static bool IsArchive(string? site) => site is Archive;

    /// <summary>Finds the site whose page is shown, and the page's path there. Both stay unchanged if the site is no mirror.</summary>
    public static string? Resolve(string? site, ref ReadOnlySpan<char> path)
    {
        if (site is null)
        {
            return null;
        }

        if (site.EndsWith(Translate, StringComparison.Ordinal))
        {
            return Decode(site.AsSpan(0, site.Length - Translate.Length)) ?? site;
        }

        if (!site.EndsWith(Amp, StringComparison.Ordinal))
        {
            return site;
        }

        // The path names the site too, but browsers send only the host.
        if (Decode(site.AsSpan(0, site.Length - Amp.Length)) is not { } shown)
        {
            return site;
        }

        var rest = path;
        rest = Skip(rest, "/c");
        rest = Skip(rest, "/v");
        rest = Skip(rest, "/s");
        var end = rest.Length > 1 ? rest[1..].IndexOfAny('/', '?') + 1 : 0;
        var host = end > 0 ? rest[1..end] : rest.Length > 1 ? rest[1..] : default;
        if (SiteName.Normalise(host) == shown)
        {
            path = end > 0 ? rest[end..] : default;
        }

        return shown;
    }

    /// <summary>Decodes a host whose dots are written as hyphens and whose hyphens are doubled; null if it is none.</summary>
    private static string? Decode(ReadOnlySpan<char> label)
    {
        var host = label.ToString().Replace("--", "\n", StringComparison.Ordinal).Replace('-', '.').Replace('\n', '-');
        return host.Contains('.', StringComparison.Ordinal) ? SiteName.Normalise(host) : null;
    }

    private static ReadOnlySpan<char> Skip(ReadOnlySpan<char> path, string segment) =>
        path.StartsWith(segment, StringComparison.Ordinal) && path.Length > segment.Length && path[segment.Length] == '/' ? path[segment.Length..] : path;
}
