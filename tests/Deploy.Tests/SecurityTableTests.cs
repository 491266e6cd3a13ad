using System.Text.RegularExpressions;
using Xunit;

namespace Counter.Deploy.Tests;

/// <summary>Every threat in docs/security.md names existing tests.</summary>
public sealed partial class SecurityTableTests
{
    private static readonly string Folder = Path.Combine(Deployment.Repository, "docs");

    [Fact]
    public void Each_row_names_existing_tests()
    {
        var rows = File.ReadLines(Path.Combine(Folder, "security.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| **", StringComparison.Ordinal)).Skip(1).ToList();
        Assert.True(rows.Count > 20, $"Only {rows.Count} threats were found.");
        Assert.All(rows, row =>
        {
            var tests = Test().Matches(row);
            Assert.NotEmpty(tests);
            Assert.All(tests, test => Assert.Contains($" {test.Groups[1].Value}(", File.ReadAllText(Path.Combine(Folder, test.Groups[2].Value)), StringComparison.Ordinal));
        });
    }

    [GeneratedRegex(@"\[`(\w+)`\]\((\.\./tests/[\w./]+\.cs)\)")]
    private static partial Regex Test();
}
