using System.Globalization;

namespace Counter.Gateway.Frames;

/// <summary>Parses single parameters, and collects a sentence for each invalid one.</summary>
/// <param name="query">The parameters of the address.</param>
/// <param name="usual">The defaults of missing parameters. An invalid one counts as missing.</param>
internal sealed class StyleParameters(IQueryCollection query, IReadOnlyDictionary<string, string>? usual = null)
{
    /// <summary>Parses the value of a parameter; false refuses it.</summary>
    public delegate bool Parser<T>(string text, out T value);

    public Dictionary<string, string[]> Errors { get; } = [];

    /// <summary>Returns the value of a parameter; <paramref name="absent"/> when it is missing, empty or refused.</summary>
    public T Read<T>(string name, T absent, string allowed, Parser<T> parse)
    {
        T value;
        if (query[name] is not [.., { Length: > 0 } text])
        {
            return usual?.GetValueOrDefault(name) is { Length: > 0 } known && parse(known, out value) ? value : absent;
        }

        if (parse(text, out value))
        {
            return value;
        }

        Errors[name] = [allowed];
        return absent;
    }

    public string? Text(string name) => Read<string?>(
        name,
        null,
        $"At most {StyleQuery.LongestText} characters of UTF-8 text without control characters; {CounterStyle.NumberPlace} stands for the number.",
        (string text, out string? value) => (value = text).Length <= StyleQuery.LongestText && CleanText.Is(text));

    public int Whole(string name, int absent, int least, int most) => Read(
        name,
        absent,
        string.Create(CultureInfo.InvariantCulture, $"A whole number from {least} to {most}."),
        (string text, out int number) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most);

    public Rgba? Color(string name) => Read<Rgba?>(
        name,
        null,
        "A CSS colour name, or rgb, rgba, rrggbb or rrggbbaa in hexadecimal (a # in front must be written %23).",
        (string text, out Rgba? color) =>
        {
            bool known = Rgba.TryParse(text, out var parsed);
            color = parsed;
            return known;
        });

    /// <summary>Parses a flag in the spellings of HTML forms and people.</summary>
    public bool Flag(string name) => Read(
        name,
        false,
        "1 or 0.",
        (string text, out bool flag) => (flag = text is "1" or "true" or "on") || text is "0" or "false" or "off");
}
