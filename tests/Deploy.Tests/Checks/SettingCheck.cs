using System.Text.RegularExpressions;
using Counter.Deploy.Tests.Bicep;

namespace Counter.Deploy.Tests.Checks;

/// <summary>The settings that apps get are settings, and they and what parameter files read from the environment are documented.</summary>
internal static partial class SettingCheck
{
    /// <param name="folder">What is checked.</param>
    /// <param name="documents">All that is written for people who run Counter.</param>
    /// <param name="source">The source code of the programs.</param>
    public static IEnumerable<string> Check(BicepFolder folder, string documents, string source)
    {
        var settings = Settings(folder).ToList();
        var variables =
            from file in folder.ParameterFiles
            from call in file.Values.OfType<CallExpression>()
            where call is { Function: "readEnvironmentVariable", Arguments: [TextExpression, ..] }
            select (file.Path, call.Line, Name: ((TextExpression)call.Arguments[0]).Text);
        return settings.Concat(variables).Where(s => !documents.Contains($"`{s.Name}`", StringComparison.Ordinal))
            .Select(s => $"{s.Path}:{s.Line}: `{s.Name}` is documented nowhere.")
            .Concat(settings.Where(s => !IsRead(s.Name, source)).Select(s => $"{s.Path}:{s.Line}: no program has a setting {s.Name}."));
    }

    private static IEnumerable<(string Path, int Line, string Name)> Settings(BicepFolder folder) =>
        from file in folder.Templates
        from list in file.Of(DeclarationKind.Variable).Where(v => v.Value!.All().OfType<ObjectExpression>().Any())
        from entry in list.Value!.All().OfType<ObjectExpression>()
        where entry["name"] is TextExpression && (entry["value"] ?? entry["secretRef"]) is not null
        let name = ((TextExpression)entry["name"]!).Text
        select (file.Path, entry.Line, Name: name.Replace("__", ":", StringComparison.Ordinal));

    /// <summary>Whether a class that is read from this section has this property. A section that no class is read from is not ours.</summary>
    private static bool IsRead(string name, string source)
    {
        var (section, setting) = name.Split(':') is [var first, var second] ? (first, second) : ("", "");
        var types = Section().Matches(source).Where(m => m.Groups["section"].Value == section).Select(m => m.Groups["type"].Value).Distinct().ToList();
        return types.Count == 0 || types.Exists(type => Regex.IsMatch(source, $@"class {type}\b(?:(?!\n}})[\s\S])*? {setting} \{{ get; set; \}}"));
    }

    [GeneratedRegex(@"AddSettings<(?<type>\w+)>\([^;]*?""(?<section>\w+)""\)")]
    private static partial Regex Section();
}
