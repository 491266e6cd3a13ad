using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Counter.Counting.Polls;

/// <summary>When the results of a poll are shown.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ResultsShown>))]
public enum ResultsShown
{
    /// <summary>To everybody, always.</summary>
    [JsonStringEnumMemberName("always")]
    Always,

    /// <summary>To those who voted, and to everybody after the poll has closed.</summary>
    [JsonStringEnumMemberName("after")]
    AfterVoting,
}

/// <summary>The question and the answers of a poll. A row of reactions is a poll without a question.</summary>
/// <param name="Question">The question; null for reactions.</param>
/// <param name="Answers">From 1 to <see cref="MostAnswers"/> different texts: words, or an emoji.</param>
/// <param name="Closes">When the poll closes; null for never.</param>
/// <param name="Results">When the results are shown.</param>
[GenerateSerializer, Immutable, Alias("counter.PollDefinition")]
public sealed record PollDefinition(
    string? Question, IReadOnlyList<string> Answers, DateTimeOffset? Closes = null, ResultsShown Results = ResultsShown.Always)
{
    /// <summary>The most answers of a poll.</summary>
    public const int MostAnswers = 8;

    // A unit separator is a control character, and no text of a poll has one.
    private const char Separator = '\u001f';

    /// <summary>The whole definition as one line. Two definitions are equal if these lines are.</summary>
    [JsonIgnore]
    public string Text => string.Join(
        Separator,
        [Question ?? "", Closes?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) ?? "", Results.ToString(), .. Answers]);

    /// <summary>Whether the poll is closed.</summary>
    public bool IsClosed(DateTimeOffset now) => now >= Closes;

    /// <summary>
    /// The id of the poll's document: its site, a slash and a hash of the rest, because names of pages can be longer than ids. For a poll that
    /// nobody defined the hash includes the definition in its address, so that nobody can change a question by voting first with another one.
    /// </summary>
    /// <param name="site">The site.</param>
    /// <param name="path">The page of that site.</param>
    /// <param name="name">The name of the poll on that page.</param>
    /// <param name="asked">The definition in the address; null for a poll that was defined with a key.</param>
    public static string Id(string site, string path, string name, PollDefinition? asked) =>
        $"{site}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', path, name, asked?.Text))))}";
}
