using System.Globalization;
using Counter.Counting.Polls;
using Counter.Gateway.Frames;
using Counter.Gateway.Polls.Pictures;
using Microsoft.Extensions.Primitives;

namespace Counter.Gateway.Polls;

/// <summary>Reads the definition of an unregistered poll from its address.</summary>
internal static class PollQuery
{
    /// <summary>The names of the query parameters.</summary>
    public static readonly IReadOnlyList<string> Names = ["options", "question", "closes", "results"];

    /// <summary>The default reactions of a row.</summary>
    public static readonly IReadOnlyList<string> UsualReactions = ["👍", "❤️", "😂", "🎉", "😮", "😢"];

    // Forms of ISO 8601 with a full date. A time without a date would mean another poll every day. The default offset is UTC.
    private static readonly string[] Times = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Reads a definition, and adds an error for each invalid parameter.</summary>
    /// <returns>Null when a parameter is invalid, or when the address of a poll has no answers.</returns>
    public static PollDefinition? Read(IQueryCollection query, PollForm form, Dictionary<string, string[]> errors)
    {
        var known = errors.Count;
        var read = new StyleParameters(query);
        var closes = read.Read<DateTimeOffset?>("closes", null, PollValidator.ClosesAllowed, (string text, out DateTimeOffset? time) =>
        {
            var isTime = DateTimeOffset.TryParseExact(text, Times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var parsed);
            time = parsed;
            return isTime;
        });
        var results = read.Read("results", ResultsShown.Always, "always, or after (voting).", (string text, out ResultsShown shown) =>
        {
            shown = text == "after" ? ResultsShown.AfterVoting : ResultsShown.Always;
            return text is "after" or "always";
        });
        foreach (var (name, allowed) in read.Errors)
        {
            errors[name] = allowed;
        }

        var question = Last(query["question"])?.Trim();
        var answers = Last(query["options"]) is { } options ? Split(options) : form == PollForm.Row ? UsualReactions : null;
        if (answers is null)
        {
            return null;
        }

        var definition = new PollDefinition(string.IsNullOrEmpty(question) ? null : question, answers, closes, results);
        foreach (var (field, allowed) in PollValidator.Check(definition))
        {
            errors[field == "answers" ? "options" : field] = allowed;
        }

        return errors.Count == known ? definition : null;
    }

    /// <summary>Splits answers at commas, or at bars if one of them contains a comma.</summary>
    private static string[] Split(string options) =>
        options.Split(options.Contains('|', StringComparison.Ordinal) ? '|' : ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string? Last(StringValues values) => string.IsNullOrEmpty(values.LastOrDefault()) ? null : values[^1];
}
