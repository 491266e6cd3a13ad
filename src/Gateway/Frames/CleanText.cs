using System.Globalization;
using System.Text;
using System.Xml;

namespace Counter.Gateway.Frames;

/// <summary>
/// Text that can be drawn on one line and written in XML. Queries with other text are refused. In text from elsewhere the other characters
/// are replaced, so that every renderer can take any string.
/// </summary>
internal static class CleanText
{
    /// <summary>True when there is nothing to replace and no U+FFFD. Broken UTF-8 in a URL becomes U+FFFD.</summary>
    public static bool Is(string text) =>
        text.EnumerateRunes().All(rune => IsClean(rune) && rune != Rune.ReplacementChar);

    /// <summary>Whether it is an embedding, override or isolate. They change the order of text outside their own.</summary>
    public static bool IsDirection(Rune rune) => rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    /// <summary>Whether it is an invisible mark that changes the order of the text beside it. Arabic or Hebrew text may need one.</summary>
    public static bool IsDirectionMark(Rune rune) => rune.Value is 0x061C or 0x200E or 0x200F;

    /// <summary>Returns the text with a space for each control character, and U+FFFD for each other bad character.</summary>
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
