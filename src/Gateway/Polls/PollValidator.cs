using Counter.Counting.Polls;
using Counter.Counting.Relay;
using Counter.Gateway.Polls.Pictures;

namespace Counter.Gateway.Polls;

/// <summary>Validates the names and definitions of polls.</summary>
internal static class PollValidator
{
    /// <summary>The error for an invalid closing time.</summary>
    public const string ClosesAllowed = "A time such as 2026-12-31T18:00Z.";

    /// <summary>The error for an invalid name.</summary>
    public const string NameAllowed = "The name of a poll has 1 to 64 of a-z, 0-9, - and _, and begins with a letter or digit.";

    /// <summary>Whether a name is valid. The rules are those of channels.</summary>
    public static bool IsName(string? name) => name is not null && ChannelName.IsValid(name);

    /// <summary>Returns the errors of a definition, by field.</summary>
    public static Dictionary<string, string[]> Check(PollDefinition definition)
    {
        var errors = new Dictionary<string, string[]>();
        if (definition.Question is { } question && !PollText.Is(question, PollText.LongestQuestion))
        {
            errors["question"] = [$"At most {PollText.LongestQuestion} letters of visible text, without control characters; or none, for reactions."];
        }

        var answers = definition.Answers;
        if (answers is not { Count: >= 1 and <= PollDefinition.MostAnswers })
        {
            errors["answers"] = [$"1 to {PollDefinition.MostAnswers} answers, separated by commas in an address (or by | if one contains a comma)."];
        }
        else if (answers.FirstOrDefault(answer => answer is null || !PollText.Is(answer, PollText.LongestAnswer)) is not null || answers.Contains(null!))
        {
            errors["answers"] = [$"Each answer has at most {PollText.LongestAnswer} letters of visible text, without control characters."];
        }
        else if (answers.Distinct(StringComparer.Ordinal).Count() != answers.Count)
        {
            errors["answers"] = ["Each answer may appear only once."];
        }

        if (!Enum.IsDefined(definition.Results))
        {
            errors["results"] = ["always or after."];
        }

        return errors;
    }
}
