using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Counter.Deploy.Tests.Checks;

/// <summary>The settings that apps get are settings, and they and what parameter files read from the environment are documented.</summary>
internal static partial class SettingCheck
{
    /// <param name="apps">The apps.</param>
    /// <param name="documents">All that is written for people who run Counter.</param>
    /// <param name="source">The source code of the programs.</param>
    public static IEnumerable<string> Check(IReadOnlyList<JsonNode> apps, string documents, string source)
    {
        var settings = apps.SelectMany(app => app["properties"]!["template"]!["containers"].Items()).SelectMany(container => container["env"].Items())
            .Select(setting => setting["name"].Text()!.Replace("__", ":", StringComparison.Ordinal)).Distinct().ToList();
        return settings.Where(name => !documents.Contains($"`{name}`", StringComparison.Ordinal)).Select(name => $"`{name}` is documented nowhere.")
            .Concat(settings.Where(name => !IsRead(name, source)).Select(name => $"no program has a setting {name}."));
    }

    /// <param name="name">What the parameter file is called.</param>
    /// <param name="text">The parameter file.</param>
    /// <param name="documents">All that is written for people who deploy Counter.</param>
    public static IEnumerable<string> CheckVariables(string name, string text, string documents) =>
        Variable().Matches(text).Select(match => match.Groups["name"].Value).Where(variable => !documents.Contains($"`{variable}`", StringComparison.Ordinal))
            .Select(variable => $"{name}: `{variable}` is documented nowhere.");

    /// <summary>Whether a class that is read from this section has this property. A section that no class is read from is not ours.</summary>
    private static bool IsRead(string name, string source)
    {
        var (section, setting) = name.Split(':') is [var first, var second] ? (first, second) : ("", "");
        var types = Section().Matches(source).Where(m => m.Groups["section"].Value == section).Select(m => m.Groups["type"].Value).Distinct().ToList();
        return types.Count == 0 || types.Exists(type => Regex.IsMatch(source, $@"class {type}\b(?:(?!\n}})[\s\S])*? {setting} \{{ get; set; \}}"));
    }

    [GeneratedRegex(@"AddSettings<(?<type>\w+)>\([^;]*?""(?<section>\w+)""\)")]
    private static partial Regex Section();

    [GeneratedRegex(@"readEnvironmentVariable\('(?<name>\w+)'")]
    private static partial Regex Variable();
}
