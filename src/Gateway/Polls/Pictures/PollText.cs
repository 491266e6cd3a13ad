using System.Globalization;
using System.Text;
using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;

namespace Counter.Gateway.Polls.Pictures;

/// <summary>What questions and answers may be, and how wide they are.</summary>
internal static class PollText
{
    /// <summary>The most letters of a question; what people see as one letter, such as a flag, is one.</summary>
    public const int LongestQuestion = 140;

    /// <summary>The most letters of an answer.</summary>
    public const int LongestAnswer = 60;

    /// <summary>How much of its ink what is read second has, of 255. It has 4.5:1 on everything that it stands on.</summary>
    public const byte QuietCover = 190;

    /// <summary>How much ink the bar of the answer that leads has, of 255.</summary>
    public const byte LeadingCover = 84;

    // Families of emoji, flags and accents are several characters each.
    private const int CharactersOfLetter = 16;

    private const double EmojiWidth = 1.32;

    /// <summary>Whether this can be a question or an answer: something to see, on one line, that changes the direction of nothing around it.</summary>
    public static bool Is(string text, int most) =>
        text.Length <= most * CharactersOfLetter && CleanText.Is(text) && !text.EnumerateRunes().Any(CleanText.IsDirection)
        && text.EnumerateRunes().Any(rune => !Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format)
        && Emoji.Letters(text).Count() is var letters && letters <= most && text.Length <= letters * CharactersOfLetter;

    /// <summary>The width in CSS pixels, at a size of text.</summary>
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

    /// <summary>As much of the text as there is room for.</summary>
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

    /// <summary>The text in lines of a width; what does not fit into so many is cut.</summary>
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
