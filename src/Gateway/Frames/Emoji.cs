using System.Globalization;
using System.Text;

namespace Counter.Gateway.Frames;

/// <summary>Finds emoji in text. Emoji are as wide as two letters, and have their own colours.</summary>
internal static class Emoji
{
    private const string OlderSigns =
        "\u231A\u231B\u23E9\u23EA\u23EB\u23EC\u23F0\u23F3\u25FD\u25FE\u2614\u2615\u2648\u2649\u264A\u264B\u264C\u264D\u264E\u264F"
        + "\u2650\u2651\u2652\u2653\u267F\u2693\u26A1\u26AA\u26AB\u26BD\u26BE\u26C4\u26C5\u26CE\u26D4\u26EA\u26F2\u26F3\u26F5\u26FA"
        + "\u26FD\u2705\u270A\u270B\u2728\u274C\u274E\u2753\u2754\u2755\u2757\u2795\u2796\u2797\u27B0\u27BF\u2B1B\u2B1C\u2B50\u2B55";

    /// <summary>Splits text into user-perceived letters: a flag, a family or an accented letter is one.</summary>
    public static IEnumerable<string> Letters(string text)
    {
        var letters = StringInfo.GetTextElementEnumerator(text);
        while (letters.MoveNext())
        {
            yield return letters.GetTextElement();
        }
    }

    /// <summary>Whether a letter is an emoji, or a sign that most machines draw like one.</summary>
    public static bool Is(string letter) => letter.EnumerateRunes().Any(
        rune => rune.Value is (>= 0x1F000 and < 0x20000) or 0xFE0F or (>= 0x2600 and <= 0x27BF) or (>= 0x2B00 and <= 0x2BFF));

    /// <summary>
    /// Whether a letter is drawn in colours: an emoji, a sign with an emoji selector, or an older sign that Unicode colours by default
    /// (Emoji_Presentation of emoji-data.txt).
    /// </summary>
    public static bool HasColors(string letter)
    {
        var first = Rune.GetRuneAt(letter, 0).Value;
        return !letter.Contains('\uFE0E', StringComparison.Ordinal)
            && (first is >= 0x1F000 and < 0x20000
                || letter.Contains('\uFE0F', StringComparison.Ordinal)
                || (first < char.MaxValue && OlderSigns.Contains((char)first, StringComparison.Ordinal)));
    }

    /// <summary>Whether a text contains an emoji.</summary>
    public static bool IsIn(string text) => Letters(text).Any(Is);
}
