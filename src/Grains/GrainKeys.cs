using System.Security.Cryptography;
using System.Text;
using Counter.Counting.Pages;

namespace Counter.Grains;

/// <summary>Makes the keys of page grains.</summary>
internal static class GrainKeys
{
    // Stores use keys as blob names and column values, and limit their characters and length. A blob's name is also a URL path:
    // "/a/../b" is the same blob as "/b", and no segment may be empty or end with a dot.
    private const int Longest = 300;

    /// <summary>Returns the key of a page: site and path where every store accepts them, else the site and a hash of the path.</summary>
    public static string Of(PageKey page)
    {
        var key = page.ToString();
        return key.Length <= Longest && key.All(IsPlain) && key[^1] is not ('.' or '/') && !key.Contains("./") && !key.Contains("//")
            ? key
            : $"{page.Site}/~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(page.Path)))}";
    }

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.' or ':' or '=';
}
