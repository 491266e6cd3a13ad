using System.Globalization;

namespace Counter.Gateway.Frames;

/// <summary>Reads single parameters, and collects a sentence for each that is not allowed.</summary>
/// <param name="query">What the address says.</param>
/// <param name="usual">What holds where the address says nothing; what is not allowed there is as if it were not there.</param>
internal sealed class StyleParameters(IQueryCollection query, IReadOnlyDictionary<string, string>? usual = null)
{
    /// <summary>Takes a parameter's value, or refuses it by returning false.</summary>
    public delegate bool Parser<T>(string text, out T value);

    public Dictionary<string, string[]> Errors { get; } = [];

    /// <summary>The value of a parameter; <paramref name="absent"/> when it is not there, empty or refused.</summary>
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

    /// <summary>As HTML forms and people write it.</summary>
    public bool Flag(string name) => Read(
        name,
        false,
        "1 or 0.",
        (string text, out bool flag) => (flag = text is "1" or "true" or "on") || text is "0" or "false" or "off");
}
