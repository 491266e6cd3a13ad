using System.Globalization;
using System.Text;
using System.Xml;

namespace Counter.Gateway.Frames;

/// <summary>
/// Text that can be drawn on one line and written in XML. Queries that hold anything else are refused; texts from
/// elsewhere have it replaced, so that no renderer needs to fear a string.
/// </summary>
internal static class CleanText
{
    /// <summary>True when there is nothing to replace, and no U+FFFD, which is what broken UTF-8 in a URL arrives as.</summary>
    public static bool Is(string text) =>
        text.EnumerateRunes().All(rune => IsClean(rune) && rune != Rune.ReplacementChar);

    /// <summary>Whether it is an embedding, override or isolate: they change the order of text beyond the one that they are in.</summary>
    public static bool IsDirection(Rune rune) => rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    /// <summary>Whether it is a mark that changes the order of what is beside it, and is not seen. Texts in Arabic or Hebrew may need them.</summary>
    public static bool IsDirectionMark(Rune rune) => rune.Value is 0x061C or 0x200E or 0x200F;

    /// <summary>The text with a space for each control character and U+FFFD for what is not a character at all.</summary>
    public static string Of(string text)
    {
        if (Is(text))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            clean.Append((IsClean(rune) ? rune : Rune.IsControl(rune) ? new Rune(' ') : Rune.ReplacementChar).ToString());
        }

        return clean.ToString();
    }

    private static bool IsClean(Rune rune) =>
        !Rune.IsControl(rune)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
        && (!rune.IsBmp || XmlConvert.IsXmlChar((char)rune.Value));
}
