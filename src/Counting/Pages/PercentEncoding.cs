using System.Buffers;
using System.Text;

namespace Counter.Counting.Pages;

/// <summary>Writes paths and queries in the normal form of RFC 3986, section 6.2.2.</summary>
internal static class PercentEncoding
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private static readonly SearchValues<char> UnreservedChars = SearchValues.Create(Unreserved);
    private static readonly SearchValues<char> PlainChars = SearchValues.Create(Unreserved + "!$&'()*+,;=:@/?");

    /// <summary>
    /// Appends <paramref name="text"/> in normal form: unnecessary escapes are decoded, hex digits are in upper case, characters that a path
    /// or query may not have are escaped as UTF-8, and a stray <c>%</c> becomes <c>%25</c>.
    /// </summary>
    /// <returns>False for control characters and lone surrogates. The target is unusable then.</returns>
    public static bool TryAppend(StringBuilder target, ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAnyExcept(PlainChars);
            if (plain < 0)
            {
                target.Append(text);
                return true;
            }

            target.Append(text[..plain]);
            text = text[plain..];
            if (text[0] == '%')
            {
                text = text[AppendEscape(target, text)..];
            }
            else if (!char.IsControl(text[0]) && Rune.DecodeFromUtf16(text, out var rune, out var taken) == OperationStatus.Done)
            {
                AppendEscaped(target, rune);
                text = text[taken..];
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    private static int AppendEscape(StringBuilder target, ReadOnlySpan<char> text)
    {
        if (text.Length < 3 || !char.IsAsciiHexDigit(text[1]) || !char.IsAsciiHexDigit(text[2]))
        {
            target.Append("%25");
            return 1;
        }

        Span<byte> octet = stackalloc byte[1];
        Convert.FromHexString(text.Slice(1, 2), octet, out _, out _);
        if (UnreservedChars.Contains((char)octet[0]))
        {
            target.Append((char)octet[0]);
        }
        else
        {
            target.Append('%').Append(char.ToUpperInvariant(text[1])).Append(char.ToUpperInvariant(text[2]));
        }

        return 3;
    }

    private static void AppendEscaped(StringBuilder target, Rune rune)
    {
        Span<byte> utf8 = stackalloc byte[4];
        Span<char> hex = stackalloc char[2];
        foreach (var value in utf8[..rune.EncodeToUtf8(utf8)])
        {
            Convert.TryToHexString([value], hex, out _);
            target.Append('%').Append(hex);
        }
    }
}
