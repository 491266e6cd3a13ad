using System.Globalization;
using System.Text;
using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;

namespace Counter.Gateway.Polls.Pictures;

/// <summary>Validates, measures and wraps the texts of questions and answers.</summary>
internal static class PollText
{
    /// <summary>The most letters of a question. A letter is a grapheme, such as a flag.</summary>
    public const int LongestQuestion = 140;

    /// <summary>The most letters of an answer.</summary>
    public const int LongestAnswer = 60;

    /// <summary>The opacity of secondary text, of 255. Its contrast is 4.5:1 on all its backgrounds.</summary>
    public const byte QuietCover = 190;

    /// <summary>The opacity of the leading answer's bar, of 255.</summary>
    public const byte LeadingCover = 84;

    // A letter can have several characters: emoji of families, flags, accents.
    private const int CharactersOfLetter = 16;

    private const double EmojiWidth = 1.32;

    /// <summary>Whether a text can be a question or an answer: visible, on one line, and without characters that change the text direction.</summary>
    public static bool Is(string text, int most) =>
        text.Length <= most * CharactersOfLetter && CleanText.Is(text) && !text.EnumerateRunes().Any(CleanText.IsDirection)
        && text.EnumerateRunes().Any(rune => !Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format)
        && Emoji.Letters(text).Count() is var letters && letters <= most && text.Length <= letters * CharactersOfLetter;

    /// <summary>The width in CSS pixels at a text size.</summary>
    public static double Width(string text, int size)
    {
        var emoji = 0;
        var words = new StringBuilder();
        foreach (var letter in Emoji.Letters(text))
        {
            if (Emoji.Is(letter))
            {
                emoji++;
            }
            else
            {
                words.Append(letter);
            }
        }

        return (emoji * EmojiWidth * size) + ChartType.Width(words.ToString(), size);
    }

    /// <summary>Cuts a text that is wider than the room, and adds an ellipsis.</summary>
    public static string Fit(string text, int size, double room)
    {
        if (Width(text, size) <= room)
        {
            return text;
        }

        var letters = Emoji.Letters(text).ToList();
        while (letters.Count > 1 && Width(string.Concat(letters), size) + size > room)
        {
            letters.RemoveAt(letters.Count - 1);
        }

        return string.Concat(letters).TrimEnd() + "…";
    }

    /// <summary>Wraps a text into lines of a width. A text with too many lines is cut.</summary>
    public static List<string> Wrap(string text, int size, double room, int most)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length == 0 ? word : line + " " + word;
            if (line.Length > 0 && lines.Count < most - 1 && Width(longer, size) > room)
            {
                lines.Add(Fit(line, size, room));
                longer = word;
            }

            line = longer;
        }

        lines.Add(Fit(line, size, room));
        return lines;
    }
}
