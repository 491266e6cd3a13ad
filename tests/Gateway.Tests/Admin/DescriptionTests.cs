using System.Text.Json;
using System.Text.RegularExpressions;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Admin;

/// <summary>What is written about the API is what there is.</summary>
public sealed partial class DescriptionTests : AdminTest
{
    [Fact]
    public async Task Every_call_of_the_api_is_described_and_in_the_file_of_calls()
    {
        using var description = JsonDocument.Parse(await Gateway.Http.GetStringAsync("/openapi/v1.json", Cancelled));
        var described = description.RootElement.GetProperty("paths").EnumerateObject()
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
    [InlineData("GET", "/nothing", "application/json", 404)]
    [InlineData("PATCH", "/sites", "application/json", 405)]
    [InlineData("PUT", "/sites/example.com", "text/plain", 415)]
    [InlineData("POST", "/keys", "application/x-www-form-urlencoded", 415)]
    public async Task A_wrong_call_is_told_what_is_wrong_with_it(string method, string path, string type, int status)
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

    [GeneratedRegex(@"^(GET|PUT|POST|DELETE) \{\{counter\}\}(/api/v1[^\s?]*)", RegexOptions.Multiline)]
    private static partial Regex CallLine();
}
