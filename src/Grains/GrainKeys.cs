using System.Security.Cryptography;
using System.Text;
using Counter.Counting.Pages;

namespace Counter.Grains;

/// <summary>Names grains after what they count.</summary>
internal static class GrainKeys
{
    // Stores make blob names and columns of keys, and not every one of them takes every character or any length. A blob's name is a path of
    // a URL besides: "/a/../b" would be the same blob as "/b", and no part of it may be empty or end with a dot.
    private const int Longest = 300;

    /// <summary>The key of a page: site and path as they are where every store takes that, else the site and a hash of the path.</summary>
    public static string Of(PageKey page)
    {
        var key = page.ToString();
        return key.Length <= Longest && key.All(IsTame) && key[^1] is not ('.' or '/') && !key.Contains("./") && !key.Contains("//")
            ? key
            : $"{page.Site}/~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(page.Path)))}";
    }

    private static bool IsTame(char c) => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.' or ':' or '=';
}
