using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Counter.Deploy.Tests.Checks;

/// <summary>Roles are the least that will do, on one resource, under a name that is the same each time.</summary>
internal static partial class RoleCheck
{
    // Azure's own roles.
    private static readonly Dictionary<string, string> Names = new()
    {
        ["7f951dda-4ed3-4680-a7ca-43fe172d538d"] = "AcrPull",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"] = "Storage Blob Data Contributor",
    };

    // Who may do what, where.
    private static readonly string[] Needed =
    [
        "gateway: AcrPull on registries",
        "silo: AcrPull on registries",
        "gateway: Storage Table Data Contributor on tables",
        "silo: Storage Table Data Contributor on storageAccounts",
        "silo: Storage Blob Data Contributor on storageAccounts",
    ];

    public static IEnumerable<string> Check(IReadOnlyList<JsonNode> resources)
    {
        var assignments = resources.Where(resource => resource["type"].Text() == "Microsoft.Authorization/roleAssignments").ToList();
        var granted = assignments.ConvertAll(Granted);
        return assignments.SelectMany(Check)
            .Concat(granted.Except(Needed).Select(grant => $"{grant} is more than is needed."))
            .Concat(Needed.Except(granted).Select(grant => $"{grant} is missing."));
    }

    private static IEnumerable<string> Check(JsonNode assignment)
    {
        var scope = Scope(assignment);
        if (scope.Length == 0)
        {
            yield return $"{assignment["id"]} is not for one resource.";
        }

        var principal = assignment["properties"]!["principalId"].Text()!.Trim('[', ']');
        if (assignment["name"].Text() != $"[guid('{scope}', {principal}, '{assignment["properties"]!["roleDefinitionId"]}')]")
        {
            yield return $"{assignment["name"]} must be called guid(<scope>.id, <principal>, <role>).";
        }
    }

    private static string Granted(JsonNode assignment)
    {
        var role = assignment["properties"]!["roleDefinitionId"].Text()!.Split('/')[^1];
        var identity = Identity().Match(assignment["properties"]!["principalId"].Text()!).Groups["name"].Value;
        return $"{identity}: {Names.GetValueOrDefault(role, role)} on {Scope(assignment).Split('/') switch { [.., var type, _] => type, _ => "everything" }}";
    }

    private static string Scope(JsonNode assignment) => Extended().Match(assignment["id"].Text()!).Groups["scope"].Value;

    [GeneratedRegex(@"^\[extensionResourceId\('(?<scope>[^']+/providers/[^']+)', ")]
    private static partial Regex Extended();

    [GeneratedRegex("/userAssignedIdentities/[a-z]+-(?<name>[a-z]+)'")]
    private static partial Regex Identity();
}
