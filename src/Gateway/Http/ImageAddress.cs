
namespace Counter.Gateway.Http;

/// <summary>Writes URLs that survive being pasted anywhere.</summary>
internal static class ImageAddress
{
    /// <summary>
    /// A path with parameters. Values keep only letters, digits, <c>- _ . ~</c> and slashes, so no character has a meaning in HTML, BBCode,
    /// Markdown or <c>srcset</c>.
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
