using System.Text.RegularExpressions;

namespace Counter.Deploy.Tests.Checks;

/// <summary>A workflow names files that exist and variables that are documented, and runs only actions that cannot change.</summary>
internal static partial class WorkflowCheck
{
    /// <param name="name">What the workflow is called.</param>
    /// <param name="text">The workflow.</param>
    /// <param name="documents">What is written about it.</param>
    /// <param name="exists">Whether there is such a path in the repository.</param>
    public static IEnumerable<string> Check(string name, string text, string documents, Func<string, bool> exists)
    {
        foreach (var variable in Variable().Matches(text).Select(m => m.Groups["name"].Value).Distinct().Where(v => !documents.Contains($"`{v}`", StringComparison.Ordinal)))
        {
            yield return $"{name}: `{variable}` is documented nowhere.";
        }

        foreach (var path in RepositoryPath().Matches(text).Select(m => m.Value).Distinct().Where(path => !exists(path)))
        {
            yield return $"{name}: there is no {path}.";
        }

        foreach (var action in Action().Matches(text).Select(m => m.Groups["action"].Value).Where(action => !Pinned().IsMatch(action)))
        {
            yield return $"{name}: {action} is not pinned by a commit, with its version behind.";
        }

        if (!text.Contains("\npermissions:\n  contents: read\n\n", StringComparison.Ordinal))
        {
            yield return $"{name}: by default a job may do more than read.";
        }

        if (text.Contains('\t', StringComparison.Ordinal))
        {
            yield return $"{name}: YAML has no tabs.";
        }

        foreach (var script in Script().Matches(text).Where(script => script.Groups["body"].Value.Contains("${{", StringComparison.Ordinal)))
        {
            yield return $"{name}: a script has '${{{{' in it; what it says becomes code. Give it by env: {script.Value.Trim().Split('\n')[0]}";
        }
    }

    [GeneratedRegex(@"\b(vars|secrets)\.(?<name>[A-Z_]+)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"(?<![\w/.$-])(deploy|tests|src|docs|\.ci)(/[\w.-]+)+")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"uses: (?<action>.*)")]
    private static partial Regex Action();

    [GeneratedRegex(@"^[\w./-]+@[0-9a-f]{40} # v\d")]
    private static partial Regex Pinned();

    // A script of several lines goes as far as lines are indented more than the word `run`, or are empty.
    [GeneratedRegex(@"^(?<indent> *)(?<dash>- )?run:(?<body> (?!\|).*| \|\n((\k<indent>(?(dash)  ) +.*)?\n)*)", RegexOptions.Multiline)]
    private static partial Regex Script();
}
