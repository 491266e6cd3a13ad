using Counter.Deploy.Tests.Bicep;

namespace Counter.Deploy.Tests.Checks;

/// <summary>Roles are the least that will do, on one resource, under a name that is the same each time.</summary>
internal static class RoleCheck
{
    // Azure's own roles.
    private static readonly Dictionary<string, string> Allowed = new()
    {
        ["7f951dda-4ed3-4680-a7ca-43fe172d538d"] = "AcrPull",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"] = "Storage Blob Data Contributor",
    };

    public static IEnumerable<string> Check(BicepFolder folder) =>
        folder.Resources("Microsoft.Authorization/roleAssignments@").SelectMany(r => Check(r.File, r.Resource));

    private static IEnumerable<string> Check(BicepFile file, Declaration assignment)
    {
        var place = $"{file.Path}:{assignment.Line}: '{assignment.Name}'";
        var properties = assignment.Body?["properties"] as ObjectExpression;
        var role = properties?["roleDefinitionId"] as NameExpression;
        var principal = properties?["principalId"] as NameExpression;
        var scope = assignment.Body?["scope"] as NameExpression;
        if (scope is null)
        {
            yield return $"{place} is not for one resource.";
        }

        if (assignment.Body?["name"] is not CallExpression { Function: "guid" } guid
            || !guid.Arguments.Select(Written).SequenceEqual([$"{scope?.Name}.id", principal?.Name ?? "", role?.Name ?? ""]))
        {
            yield return $"{place} must be called guid(<scope>.id, <principal>, <role>).";
        }

        var definition = file.Of(DeclarationKind.Variable).FirstOrDefault(v => v.Name == role?.Name)?.Value as CallExpression;
        if (definition is not { Function: "subscriptionResourceId", Arguments: [TextExpression { Text: "Microsoft.Authorization/roleDefinitions" }, TextExpression id] }
            || !Allowed.ContainsKey(id.Text))
        {
            yield return $"{place} gives none of: {string.Join(", ", Allowed.Values)}.";
        }
    }

    private static string Written(Expression expression) => expression switch
    {
        NameExpression name => name.Name,
        MemberExpression { Of: NameExpression of } member => $"{of.Name}.{member.Name}",
        _ => "",
    };
}
