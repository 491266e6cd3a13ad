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
