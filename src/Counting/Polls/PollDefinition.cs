using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Counter.Counting.Polls;

/// <summary>When the results of a poll are shown.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ResultsShown>))]
public enum ResultsShown
{
    /// <summary>To everybody, from the beginning.</summary>
    [JsonStringEnumMemberName("always")]
    Always,

    /// <summary>To those who voted, and to everybody once the poll is closed.</summary>
    [JsonStringEnumMemberName("after")]
    AfterVoting,
}

/// <summary>What is asked, and what can be answered. A row of reactions is a poll without a question.</summary>
/// <param name="Question">What is asked; null for reactions.</param>
/// <param name="Answers">From 1 to <see cref="MostAnswers"/> different texts: words, or an emoji.</param>
/// <param name="Closes">From when on nobody votes any more; null for never.</param>
/// <param name="Results">When the results are shown.</param>
[GenerateSerializer, Immutable, Alias("counter.PollDefinition")]
public sealed record PollDefinition(
    string? Question, IReadOnlyList<string> Answers, DateTimeOffset? Closes = null, ResultsShown Results = ResultsShown.Always)
{
    /// <summary>The most answers of a poll.</summary>
    public const int MostAnswers = 8;

    // Unit separators are control characters, which no text of a poll has.
    private const char Separator = '\u001f';

    /// <summary>Everything that is decided, as one line: two definitions are the same when these are.</summary>
    [JsonIgnore]
    public string Text => string.Join(
        Separator,
        [Question ?? "", Closes?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) ?? "", Results.ToString(), .. Answers]);

    /// <summary>Whether nobody votes any more.</summary>
    public bool IsClosed(DateTimeOffset now) => now >= Closes;

    /// <summary>
    /// Names the document of a poll: its site, a slash and a hash of the rest, since pages have longer names than documents. A poll that nobody
    /// defined is also told by what its address asks, so that nobody can change a question by voting first with another one.
    /// </summary>
    /// <param name="site">The site.</param>
    /// <param name="path">The page of that site.</param>
    /// <param name="name">The name of the poll on that page.</param>
    /// <param name="asked">What the address asks; null for the poll that was defined there.</param>
    public static string Id(string site, string path, string name, PollDefinition? asked) =>
        $"{site}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', path, name, asked?.Text))))}";
}
