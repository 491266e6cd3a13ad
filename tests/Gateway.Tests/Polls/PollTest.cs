using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Counter.Gateway.Tests.Admin;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Polls;

/// <summary>A gateway, people who vote as browsers do, and what comes of it.</summary>
public abstract partial class PollTest(params string[] settings) : AdminTest(settings)
{
    /// <summary>A row of three reactions.</summary>
    protected const string Row = "/react/like?site=example.com&page=/a&options=A,B,C";

    /// <summary>A poll.</summary>
    protected const string Tea = "/poll/tea?site=example.com&page=/a&question=Tea%3F&options=Yes,No";

    /// <summary>Opens the frame as a browser does, and sends its form.</summary>
    protected Task<HttpResponseMessage> VoteAsync(string path, string answer, string agent = "one") => VoteAsync(Gateway, path, answer, agent);

    /// <summary>The same at one of several gateways.</summary>
    internal static async Task<HttpResponseMessage> VoteAsync(RunningGateway gateway, string path, string answer, string agent) =>
        await PostAsync(gateway, path, new() { ["token"] = await TokenAsync(gateway, path, agent), ["answer"] = answer }, agent);

    /// <summary>Votes, which has to be taken.</summary>
    protected async Task CountAsync(string path, string answer, string agent = "one")
    {
        using var sent = await VoteAsync(path, answer, agent);
        Assert.True(HttpStatusCode.NoContent == sent.StatusCode, $"{(int)sent.StatusCode} {await sent.Content.ReadAsStringAsync(Cancelled)}");

        // No two clicks of the tests are a double click.
        Gateway.Clock.Advance(TimeSpan.FromSeconds(1));
    }

    /// <summary>Sends a form.</summary>
    internal static async Task<HttpResponseMessage> PostAsync(
        RunningGateway gateway, string path, Dictionary<string, string> fields, string agent = "one", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) };
        request.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 " + agent);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await gateway.Http.SendAsync(request, Cancelled);
    }

    /// <summary>The token that the frame's form has.</summary>
    internal static async Task<string> TokenAsync(RunningGateway gateway, string path, string agent = "one")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/embed" + path);
        request.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 " + agent);
        using var page = await gateway.Http.SendAsync(request, Cancelled);
        return Token().Match(await page.Content.ReadAsStringAsync(Cancelled)).Groups[1].Value;
    }

    /// <summary>The votes of the polls of a site, from the API.</summary>
    protected async Task<string> VotesAsync(string site = "example.com") =>
        Votes(await ReadAsync(HttpStatusCode.OK, "GET", $"/sites/{site}/polls"));

    /// <summary>The votes of a list: <c>like 1 0 2, tea 0 1</c>.</summary>
    internal static string Votes(JsonElement list) => string.Join(", ", list.GetProperty("items").EnumerateArray()
        .Select(poll => $"{poll.GetProperty("name")} {string.Join(' ', poll.GetProperty("answers").EnumerateArray().Select(a => a.GetProperty("votes")))}").Order());

    /// <summary>Lets time pass until the votes are written.</summary>
    protected async Task WrittenAsync(string votes, string site = "example.com")
    {
        var seen = "";
        await Wait.UntilAsync(
            async () =>
            {
                Gateway.Clock.Advance(TimeSpan.FromMilliseconds(200));
                return (seen = await VotesAsync(site)) == votes;
            },
            $"{votes}");
    }

    /// <summary>The numbers that an SVG shows, from left to right in each line.</summary>
    internal static string Numbers(string svg) => string.Join(' ', Texts().Matches(svg)
        .Select(m => (X: double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture), Y: double.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture), Number: m.Groups[3].Value))
        .OrderBy(text => text.Y).ThenBy(text => text.X).Select(text => text.Number));

    /// <summary>The numbers that a still of the poll shows now.</summary>
    protected async Task<string> StillAsync(string path) => Numbers(await Gateway.Http.GetStringAsync(Picture(path) + "&live=0", Cancelled));

    /// <summary>The picture of a poll.</summary>
    internal static string Picture(string path, string extension = "svg") => path.Replace("?", $".{extension}?", StringComparison.Ordinal);

    [GeneratedRegex("name=\"token\" value=\"([^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("<text x='([^']+)' y='([^']+)'[^>]*>([0-9]+)</text>")]
    private static partial Regex Texts();
}
