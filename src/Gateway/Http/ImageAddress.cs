
namespace Counter.Gateway.Http;

/// <summary>Writes URLs so that they survive being pasted anywhere.</summary>
internal static class ImageAddress
{
    /// <summary>
    /// A path with parameters. Values keep nothing but letters, digits, <c>- _ . ~</c> and slashes, so that no HTML, BBCode,
    /// Markdown or <c>srcset</c> can take one of their characters for its own.
    /// </summary>
    public static string Write(string path, params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        var url = new System.Text.StringBuilder(path);
        char before = '?';
        foreach (var (name, value) in parameters)
        {
            url.Append(before).Append(name).Append('=')
                .Append(Uri.EscapeDataString(value).Replace("%2F", "/", StringComparison.Ordinal));
            before = '&';
        }

        return url.ToString();
    }
}
