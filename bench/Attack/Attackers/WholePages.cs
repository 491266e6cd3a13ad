using System.Globalization;
using System.Net;

namespace Counter.Attack.Attackers;

/// <summary>Attackers that request content that is made for each request, each as soon as the last one has arrived.</summary>
internal static class WholePages
{
    public static Task DescriptionAsync(Target target, int number, Action<string> count, CancellationToken over) =>
        AskAsync(target, number, _ => "/openapi/v1.json", count, over);

    public static Task PageAsync(Target target, int number, Action<string> count, CancellationToken over) =>
        AskAsync(target, number, asked => (asked % 3) switch { 0 => "/", 1 => "/polls", _ => "/play" }, count, over);

    /// <summary>Requests polls with a new question and new answers each.</summary>
    public static Task PollAsync(Target target, int number, Action<string> count, CancellationToken over) => AskAsync(
        target, number, asked => FormattableString.Invariant($"/embed/poll/p{number}?site=attack.example&page=/{asked}&question=Never {asked}&options=Yes {asked},No {asked}"), count, over);

    /// <summary>Requests the numbers and history of unknown pages.</summary>
    public static Task NumbersAsync(Target target, int number, Action<string> count, CancellationToken over) => AskAsync(
        target, number, asked => FormattableString.Invariant($"/online.json?site=attack{number}.example&page=/{asked}&history=minute"), count, over);

    private static async Task AskAsync(Target target, int number, Func<int, string> next, Action<string> count, CancellationToken over)
    {
        using var http = target.Http(number, HttpVersion.Version11);
        for (var asked = 0; ; asked++)
        {
            using var answer = await http.GetAsync(next(asked), over);
            count(((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture));
        }
    }
}
