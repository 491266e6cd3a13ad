using System.Text.Json.Nodes;

namespace Counter.Deploy.Tests.Checks;

/// <summary>The main file only wires modules, under names that stay the same, and every file is one of them.</summary>
internal static class ModuleCheck
{
    private const string Main = "deploy/bicep/main.bicep";

    /// <param name="files">The Bicep files by path.</param>
    public static IEnumerable<string> CheckFiles(IReadOnlyDictionary<string, string> files) =>
        files.Keys.Where(path => path.EndsWith(".bicep", StringComparison.Ordinal) && path != Main)
            .Where(path => !files[Main].Contains($" '{Path.GetFileName(path)}' = ", StringComparison.Ordinal))
            .Select(path => $"{path}: no module uses it.");

    /// <param name="template">What they are compiled to.</param>
    public static IEnumerable<string> Check(JsonNode template)
    {
        foreach (var (name, resource) in template["resources"] as JsonObject ?? [])
        {
            if (resource!["type"].Text() != "Microsoft.Resources/deployments")
            {
                yield return $"{Main}: '{name}' is a resource; this file wires modules and has none of its own.";
            }

            // A module without a name is given one that differs from one deployment to the next.
            if (resource["name"].Text()!.Contains("deployment()", StringComparison.Ordinal))
            {
                yield return $"{Main}: module '{name}' has no name.";
            }
        }
    }
}
