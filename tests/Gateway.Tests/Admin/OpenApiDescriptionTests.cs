using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Counter.Gateway.Polls;
using Counter.Gateway.Polls.Pictures;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Admin;

/// <summary>The description of the API matches its endpoints.</summary>
public sealed partial class OpenApiDescriptionTests : AdminTest
{
    [Fact]
    public async Task Every_call_of_the_API_is_in_the_description_and_in_the_http_file()
    {
        using var description = JsonDocument.Parse(await Gateway.Http.GetStringAsync("/openapi/v1.json", Cancelled));
        var described = description.RootElement.GetProperty("paths").EnumerateObject().Where(path => path.Name.StartsWith("/api/", StringComparison.Ordinal))
            .SelectMany(path => path.Value.EnumerateObject().Where(o => o.Value.ValueKind == JsonValueKind.Object && o.Value.TryGetProperty("responses", out _))
                .Select(operation => (Call: $"{operation.Name.ToUpperInvariant()} {Place().Replace(path.Name, "*")}", Operation: operation.Value)))
            .ToList();
        Assert.True(described.Count >= 20, $"Only {described.Count} operations are described.");
        Assert.All(described, d =>
        {
            Assert.False(string.IsNullOrEmpty(d.Operation.GetProperty("summary").GetString()), d.Call);
            Assert.True(d.Operation.TryGetProperty("security", out _), d.Call);
        });

        var written = CallLine().Matches(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "counter.http"), Cancelled))
            .Select(m => $"{m.Groups[1].Value} {Variable().Replace(m.Groups[2].Value, "*")}").ToHashSet();
        Assert.Empty(described.Select(d => d.Call).Except(written));
        Assert.Empty(written.Except(described.Select(d => d.Call)));
    }

    [Theory]
    [InlineData("react")]
    [InlineData("poll")]
    public async Task Poll_calls_without_a_key_are_described_with_every_parameter(string form)
    {
        using var description = JsonDocument.Parse(await Gateway.Http.GetStringAsync("/openapi/v1.json", Cancelled));
        var paths = description.RootElement.GetProperty("paths");
        string[] common = ["name", "site", "page", .. PollQuery.Names, .. PollStyle.Names];
        var picture = AssertDescribed($"/{form}/{{name}}.png", "get", [.. common, "watch", "live"]);
        AssertDescribed($"/{form}/{{name}}.svg", "get", [.. common, "watch", "live"]);
        var page = AssertDescribed($"/{form}/{{name}}", "get", common);
        AssertDescribed($"/embed/{form}/{{name}}", "get", common);

        var vote = AssertDescribed($"/{form}/{{name}}", "post", common);
        var fields = vote.GetProperty("requestBody").GetProperty("content").GetProperty("application/x-www-form-urlencoded").GetProperty("schema").GetProperty("properties");
        Assert.Equal(["answer", "token"], fields.EnumerateObject().Select(field => field.Name));

        // What happens is among what it says.
        const string Of = "?site=example.com&page=/&options=Yes,No";
        await AssertDescribedAsync(picture, Gateway.Http.GetAsync($"/{form}/tea.png{Of}&live=0", Cancelled), 200);
        await AssertDescribedAsync(picture, Gateway.Http.GetAsync($"/{form}/tea.png{Of}&size=99", Cancelled), 400);
        await AssertDescribedAsync(picture, Gateway.Http.GetAsync($"/{form}/tea.png?options=Yes,No", Cancelled), 403);
        await AssertDescribedAsync(page, Gateway.Http.GetAsync($"/{form}/tea{Of}", Cancelled), 200);
        await AssertDescribedAsync(page, Gateway.Http.GetAsync($"/{form}/tea?options=Yes,No", Cancelled), 403);
        await AssertDescribedAsync(vote, Gateway.Http.PostAsync($"/{form}/tea{Of}", new StringContent("Yes"), Cancelled), 415);
        await AssertDescribedAsync(vote, VoteAsync("Maybe"), 400);
        await AssertDescribedAsync(vote, VoteAsync("Yes"), 204);

        async Task<HttpResponseMessage> VoteAsync(string answer)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/{form}/tea{Of}") { Content = new FormUrlEncodedContent([new("answer", answer)]) };
            request.Headers.Add("Origin", "http://example.com");
            return await Gateway.Http.SendAsync(request, Cancelled);
        }

        async Task AssertDescribedAsync(JsonElement operation, Task<HttpResponseMessage> asked, int status)
        {
            using var answer = await asked;
            Assert.Equal(status, (int)answer.StatusCode);
            Assert.True(operation.GetProperty("responses").TryGetProperty(status.ToString(CultureInfo.InvariantCulture), out var described));
            if (answer.Content.Headers.ContentType?.MediaType is { } type)
            {
                Assert.True(described.GetProperty("content").TryGetProperty(type, out _), $"{status} {type}");
            }
        }

        JsonElement AssertDescribed(string path, string method, string[] parameters)
        {
            var operation = paths.GetProperty(path).GetProperty(method);
            Assert.False(string.IsNullOrEmpty(operation.GetProperty("summary").GetString()), path);
            Assert.False(operation.TryGetProperty("security", out _), path);
            Assert.Equal(parameters.Order(), operation.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()!).Order());
            return operation;
        }
    }

    [Theory]
    [InlineData("GET", "/nothing", "application/json", 404)]
    [InlineData("PATCH", "/sites", "application/json", 405)]
    [InlineData("PUT", "/sites/example.com", "text/plain", 415)]
    [InlineData("POST", "/keys", "application/x-www-form-urlencoded", 415)]
    public async Task A_wrong_call_is_refused_with_the_reason(string method, string path, string type, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1" + path);
        request.Headers.Authorization = new("Bearer", RunningGateway.OperatorKey);
        request.Content = method == "GET" ? null : new StringContent("{}", new System.Net.Http.Headers.MediaTypeHeaderValue(type));
        using var answer = await Gateway.Http.SendAsync(request, Cancelled);
        Assert.Equal((status, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"\{\{\w+\}\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^(GET|PUT|PATCH|POST|DELETE) \{\{counter\}\}(/api/v1[^\s?]*)", RegexOptions.Multiline)]
    private static partial Regex CallLine();
}
