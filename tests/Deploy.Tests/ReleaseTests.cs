using System.Text.RegularExpressions;
using Counter.Deploy.Tests.Checks;
using Xunit;

namespace Counter.Deploy.Tests;

/// <summary>The files of a release, and what the guide promises.</summary>
public sealed partial class ReleaseTests
{
    private const string Workflow = ".github/workflows/release.yml";

    [Fact]
    public void The_workflow_has_no_complaint() => Assert.Empty(Check(Read(Workflow)));

    [Theory]
    [InlineData("deploy/release.sh files", "deploy/releases.sh files", "there is no deploy/releases.sh")]
    [InlineData("permissions:\n  contents: read\n", "permissions: write-all\n", "a job may do more than read")]
    [InlineData("$ARCHITECTURE\" .", "${{ matrix.architecture }}\" .", "what it says becomes code")]
    [InlineData("github.token", "secrets.TOKEN", "`TOKEN` is documented nowhere")]
    public void A_wrong_workflow_is_a_complaint(string what, string with, string expected) => Assert.Contains(
        Check(Deployment.Replace(Workflow, Read(Workflow), what, with)), problem => problem.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void The_guide_lists_the_files_of_a_release()
    {
        var made = Systems().Match(Read("deploy/release.sh")).Groups["systems"].Value.Split(' ');
        var promised = File().Matches(Read("docs/install.md")).Select(file => file.Groups["system"].Value).Distinct();
        Assert.True(made.Length >= 5, $"Only {made.Length} systems are found.");
        Assert.Equal(made.Order(), promised.Order());
    }

    private static IEnumerable<string> Check(string text) =>
        WorkflowCheck.Check(Workflow, text, documents: "", path => Path.Exists(Path.Combine(Deployment.Repository, path)));

    private static string Read(string path) => System.IO.File.ReadAllText(Path.Combine(Deployment.Repository, path)).ReplaceLineEndings("\n");

    [GeneratedRegex(@"systems=\((?<systems>[\w -]+)\)")]
    private static partial Regex Systems();

    [GeneratedRegex(@"counter-(?<system>(linux|win|osx)[\w-]+)\.(tar\.gz|zip)", RegexOptions.ExplicitCapture)]
    private static partial Regex File();
}
