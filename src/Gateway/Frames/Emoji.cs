using System.Globalization;

namespace Counter.Gateway.Frames;

/// <summary>Finds emoji in text: they are as wide as two letters, and have colours of their own.</summary>
internal static class Emoji
{
    /// <summary>What people see as letters: a flag, a family or an accented letter is one.</summary>
    public static IEnumerable<string> Letters(string text)
    {
        var letters = StringInfo.GetTextElementEnumerator(text);
        while (letters.MoveNext())
        {
            yield return letters.GetTextElement();
        }
    }

    /// <summary>Whether a letter is an emoji, or one of the signs that most machines draw like one.</summary>
    public static bool Is(string letter) => letter.EnumerateRunes().Any(
        rune => rune.Value is (>= 0x1F000 and < 0x20000) or 0xFE0F or (>= 0x2600 and <= 0x27BF) or (>= 0x2B00 and <= 0x2BFF));

    /// <summary>Whether there is one in a text.</summary>
    public static bool IsIn(string text) => Letters(text).Any(Is);
}
