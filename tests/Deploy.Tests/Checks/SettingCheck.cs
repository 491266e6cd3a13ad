using Counter.Deploy.Tests.Bicep;

namespace Counter.Deploy.Tests.Checks;

/// <summary>The settings that apps get, and what parameter files read from the environment, are documented under the same names.</summary>
internal static class SettingCheck
{
    /// <param name="folder">What is checked.</param>
    /// <param name="documents">All that is written for people who run Counter.</param>
    public static IEnumerable<string> Check(BicepFolder folder, string documents)
    {
        var settings =
            from file in folder.Templates
            from list in file.Of(DeclarationKind.Variable).Where(v => v.Value!.All().OfType<ObjectExpression>().Any())
            from entry in list.Value!.All().OfType<ObjectExpression>()
            where entry["name"] is TextExpression && (entry["value"] ?? entry["secretRef"]) is not null
            let name = ((TextExpression)entry["name"]!).Text
            select (file.Path, entry.Line, Name: name.Replace("__", ":", StringComparison.Ordinal));
        var variables =
            from file in folder.ParameterFiles
            from call in file.Values.OfType<CallExpression>()
            where call is { Function: "readEnvironmentVariable", Arguments: [TextExpression, ..] }
            select (file.Path, call.Line, Name: ((TextExpression)call.Arguments[0]).Text);
        return settings.Concat(variables).Where(s => !documents.Contains($"`{s.Name}`", StringComparison.Ordinal))
            .Select(s => $"{s.Path}:{s.Line}: `{s.Name}` is documented nowhere.");
    }
}
