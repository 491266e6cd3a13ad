using System.Text.RegularExpressions;
using Xunit;

namespace Counter.Gateway.Tests.Documentation;

/// <summary>
/// The parts of a page that are made from the code. Each stands between two comments, <c>&lt;!-- generated: name --&gt;</c> and
/// <c>&lt;!-- end --&gt;</c>; the rest of the page is text of its own.
/// </summary>
internal static partial class GeneratedText
{
    /// <summary>Set to 1, it has the parts written into the page instead of compared with it.</summary>
    private const string Writes = "COUNTER_WRITE_DOCS";

    /// <summary>Compares the parts of a page with what they should be, or writes them.</summary>
    /// <param name="page">The path of the page.</param>
    /// <param name="parts">All parts that the page must have, by name.</param>
    public static void Check(string page, IReadOnlyDictionary<string, string> parts)
    {
        var text = Repository.Read(page);
        var names = Part().Matches(text).Select(match => match.Groups["name"].Value).ToList();
        Assert.Equal(names.Distinct(), names);
        foreach (var name in parts.Keys.Except(names))
        {
            Assert.Fail($"{page} has no place for {name}. Put these two lines where it belongs:\n<!-- generated: {name} -->\n<!-- end -->");
        }

        foreach (var name in names.Except(parts.Keys))
        {
            Assert.Fail($"{page} has a place for {name}, which is nowhere in the code any more. Remove its two comments and what is between them.");
        }

        var made = Part().Replace(text, match => $"{match.Groups["begin"].Value}\n{parts[match.Groups["name"].Value]}{match.Groups["end"].Value}");
        if (Environment.GetEnvironmentVariable(Writes) == "1")
        {
            Repository.Write(page, made);
            return;
        }

        var wrong = made.Split('\n').Except(text.Split('\n')).Concat(text.Split('\n').Except(made.Split('\n'))).FirstOrDefault();
        Assert.True(made == text, $"{page} is not what the code says, first in: {wrong}\nRun this test with {Writes}=1, which writes the page, and look at what changed.");
    }

    [GeneratedRegex(@"(?<begin><!-- generated: (?<name>[\w ]+) -->)\n(?:(?!<!-- ).*\n)*?(?<end><!-- end -->)", RegexOptions.ExplicitCapture)]
    private static partial Regex Part();
}
