using System.Text;

namespace Counter.Counting.Pages;

/// <summary>Normalises the path and query of a page.</summary>
internal static class PagePath
{
    /// <summary>Normalises <c>path?query#fragment</c>. A missing leading slash is added.</summary>
    /// <returns>Null if the path or query has control characters or lone surrogates.</returns>
    public static string? Normalise(ReadOnlySpan<char> text)
    {
        if (text.IndexOf('#') is >= 0 and var fragment)
        {
            text = text[..fragment];
        }

        var question = text.IndexOf('?');
        var path = question < 0 ? text : text[..question];
        var query = question < 0 ? default : text[(question + 1)..];

        var result = new StringBuilder(text.Length + 1);
        return TryAppendPath(result, path) && TryAppendQuery(result, query) ? result.ToString() : null;
    }

    private static bool TryAppendPath(StringBuilder result, ReadOnlySpan<char> path)
    {
        if (path.IsEmpty || path[0] is not ('/' or '\\'))
        {
            result.Append('/');
        }

        // Browsers read a backslash in the path of a web address as a slash (WHATWG URL).
        while (path.IndexOf('\\') is >= 0 and var backslash)
        {
            if (!PercentEncoding.TryAppend(result, path[..backslash]))
            {
                return false;
            }

            result.Append('/');
            path = path[(backslash + 1)..];
        }

        if (!PercentEncoding.TryAppend(result, path))
        {
            return false;
        }

        var written = result.ToString();
        var ending = DropEnding(written.Contains("/.", StringComparison.Ordinal) ? DropDotSegments(written) : written);
        if (ending.Length != written.Length)
        {
            result.Clear().Append(ending);
        }

        return true;
    }

    private static string DropDotSegments(string path)
    {
        var kept = new List<string>();
        var segments = path.Split('/');
        for (var i = 1; i < segments.Length; i++)
        {
            if (segments[i] == "..")
            {
                kept.RemoveRange(Math.Max(0, kept.Count - 1), Math.Min(1, kept.Count));
            }
            else if (segments[i] != ".")
            {
                kept.Add(segments[i]);
            }
        }

        return "/" + string.Join('/', kept);
    }

    /// <summary>Drops trailing slashes and index files until none is left, so that normalising twice changes nothing.</summary>
    private static ReadOnlySpan<char> DropEnding(ReadOnlySpan<char> path)
    {
        while (true)
        {
            var shorter = path.TrimEnd('/');
            foreach (var index in (ReadOnlySpan<string>)["/index.html", "/index.htm"])
            {
                if (shorter.EndsWith(index, StringComparison.Ordinal))
                {
                    shorter = shorter[..^index.Length];
                }
            }

            if (shorter.Length == path.Length || shorter.IsEmpty)
            {
                return shorter.IsEmpty ? "/" : shorter;
            }

            path = shorter;
        }
    }

    private static bool TryAppendQuery(StringBuilder result, ReadOnlySpan<char> query)
    {
        if (query.IsEmpty)
        {
            return true;
        }

        var written = new StringBuilder(query.Length);
        if (!PercentEncoding.TryAppend(written, query))
        {
            return false;
        }

        // The sort is stable: values with the same name keep their order, because pages may read them as a list.
        var separator = '?';
        var pairs = written.ToString().Split('&', StringSplitOptions.RemoveEmptyEntries);
        foreach (var pair in pairs.Where(p => !TrackingParameters.Contains(NameOf(p))).OrderBy(NameText, StringComparer.Ordinal))
        {
            result.Append(separator).Append(pair);
            separator = '&';
        }

        return true;
    }

    private static ReadOnlySpan<char> NameOf(string pair) =>
        pair.IndexOf('=', StringComparison.Ordinal) is >= 0 and var equals ? pair.AsSpan(0, equals) : pair;

    private static string NameText(string pair) => NameOf(pair).ToString();
}
