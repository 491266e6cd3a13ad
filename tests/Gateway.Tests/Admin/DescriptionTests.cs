using System.Text.Json;
using System.Text.RegularExpressions;
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

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"\{\{\w+\}\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^(GET|PUT|POST|DELETE) \{\{counter\}\}(/api/v1[^\s?]*)", RegexOptions.Multiline)]
    private static partial Regex CallLine();
}
