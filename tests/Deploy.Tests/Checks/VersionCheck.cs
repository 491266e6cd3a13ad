using System.Text.Json.Nodes;

namespace Counter.Deploy.Tests.Checks;

/// <summary>One version of the API for each kind of resource and what belongs to it, and no preview without need. The compiler knows which there are.</summary>
internal static class VersionCheck
{
    // Every version of this one since 2016 is a preview.
    private const string OnlyPreviews = "Microsoft.Insights/diagnosticSettings";

    public static IEnumerable<string> Check(IReadOnlyList<JsonNode> resources)
    {
        var types = resources.Select(resource => (Type: resource["type"].Text()!, Version: resource["apiVersion"].Text()!)).Distinct().ToList();
        var previews = types.Where(type => type.Type != OnlyPreviews && type.Version.Contains("preview", StringComparison.Ordinal))
            .Select(type => $"{type.Type}@{type.Version} is a preview.");
        return types.GroupBy(type => string.Join('/', type.Type.Split('/')[..2]), type => type.Version).Where(family => family.Distinct().Count() > 1)
            .Select(family => $"{family.Key} has several versions: {string.Join(", ", family.Distinct())}.")
            .Concat(previews);
    }
}
