using System.Globalization;
using System.Text;
using Counter.Counting.Polls;

namespace Counter.Gateway.Polls.Admin;

/// <summary>The definition of a poll, as a request sends it.</summary>
/// <param name="Question">The question; null for reactions.</param>
/// <param name="Answers">1 to 8 different answers. When a poll changes, the answers that remain keep their votes.</param>
/// <param name="Closes">When voting ends; null for never.</param>
/// <param name="Results">When results are shown: always, or after (voting).</param>
internal sealed record PollSettings(
    string? Question, IReadOnlyList<string> Answers, DateTimeOffset? Closes = null, ResultsShown Results = ResultsShown.Always)
{
    /// <summary>The definition to store, with trimmed texts and the time in UTC.</summary>
    public PollDefinition Definition => new(
        string.IsNullOrWhiteSpace(Question) ? null : Question.Trim(), [.. (Answers ?? []).Select(answer => answer?.Trim()!)], Closes?.ToUniversalTime(), Results);
}

/// <summary>An answer and its votes.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Votes">Its votes since the poll began or was reset.</param>
/// <param name="Today">Its votes on the last day (UTC) on which somebody voted.</param>
internal sealed record AnswerVotes(string Answer, long Votes, long Today);

/// <summary>A poll and its stored votes. Pictures may be about a second ahead.</summary>
/// <param name="Id">The id of the poll in addresses of this API.</param>
/// <param name="Page">The page of the site, as path and query.</param>
/// <param name="Name">The name of the poll on that page.</param>
/// <param name="Registered">Whether this API created it. Other polls begin with the first vote, and their address defines them.</param>
/// <param name="Question">The question; null for reactions.</param>
/// <param name="Answers">The answers and their votes. Who chose an answer is not stored.</param>
/// <param name="Closes">When voting ends; null for never.</param>
/// <param name="Results">When results are shown.</param>
/// <param name="LastDay">The last day (UTC) on which somebody voted, or on which the poll began.</param>
internal sealed record PollAnswer(
    string Id, string Page, string Name, bool Registered, string? Question, IReadOnlyList<AnswerVotes> Answers, DateTimeOffset? Closes,
    ResultsShown Results, DateOnly LastDay)
{
    /// <summary>Describes a poll.</summary>
    /// <param name="id">The id of its document.</param>
    /// <param name="poll">The stored poll.</param>
    public static PollAnswer Of(string id, Poll poll) => new(
        id[(id.LastIndexOf('/') + 1)..], poll.Page, poll.Name, poll.Registered, poll.Definition.Question,
        [.. poll.Definition.Answers.Select((answer, i) => new AnswerVotes(answer, poll.Votes[i], poll.Today[i]))],
        poll.Definition.Closes, poll.Definition.Results, poll.Day);
}

/// <summary>The votes of a poll by day.</summary>
/// <param name="Answers">The answers, in the order of the votes.</param>
/// <param name="Days">The days (UTC) on which somebody voted, oldest first; at most 401.</param>
internal sealed record PollHistory(IReadOnlyList<string> Answers, IReadOnlyList<DayVotes> Days)
{
    /// <summary>A line for each day, and a column for each answer (RFC 4180).</summary>
    public string Csv()
    {
        var csv = new StringBuilder("day");
        foreach (var answer in Answers)
        {
            csv.Append(",\"").Append(Harmless(answer).Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }

        csv.Append("\r\n");
        foreach (var day in Days)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{day.Day:yyyy-MM-dd}");
            foreach (var votes in day.Votes)
            {
                csv.Append(CultureInfo.InvariantCulture, $",{votes}");
            }

            csv.Append("\r\n");
        }

        return csv.ToString();
    }

    /// <summary>Escapes a text that a spreadsheet would read as a formula. An address can define any answers.</summary>
    private static string Harmless(string text) => text is ['=' or '+' or '-' or '@', ..] ? "'" + text : text;
}
