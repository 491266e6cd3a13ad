using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Counter.Deploy.Tests.Checks;

/// <summary>Azure takes the names, the longest too.</summary>
internal static class NameCheck
{
    // Azure's own rules, by type.
    private static readonly Dictionary<string, string> Forms = new()
    {
        ["Microsoft.App/containerApps"] = "[a-z][a-z0-9-]{0,30}[a-z0-9]",
        ["Microsoft.App/managedEnvironments"] = "[a-zA-Z][a-zA-Z0-9-]{0,58}[a-zA-Z0-9]",
        ["Microsoft.ContainerRegistry/registries"] = "[a-zA-Z0-9]{5,50}",
        ["Microsoft.ManagedIdentity/userAssignedIdentities"] = "[a-zA-Z0-9][a-zA-Z0-9_-]{2,127}",
        ["Microsoft.Network/networkSecurityGroups"] = @"[a-zA-Z0-9][\w.-]{0,78}\w",
        ["Microsoft.Network/virtualNetworks"] = @"[a-zA-Z0-9][\w.-]{0,62}\w",
        ["Microsoft.OperationalInsights/workspaces"] = "[a-zA-Z0-9][a-zA-Z0-9-]{2,61}[a-zA-Z0-9]",
        ["Microsoft.Storage/storageAccounts"] = "[a-z0-9]{3,24}",
    };

    public static IEnumerable<string> Check(IReadOnlyList<JsonNode> resources)
    {
        foreach (var resource in resources)
        {
            var (type, name) = (resource["type"].Text()!, resource["name"].Text()!);
            if (Forms.TryGetValue(type, out var form) && !Regex.IsMatch(name, $@"^{form}\z"))
            {
                yield return $"{type} cannot be called '{name}'.";
            }
        }

        foreach (var twice in resources.GroupBy(resource => resource["id"].Text()).Where(group => group.Count() > 1))
        {
            yield return $"{twice.Key} is made twice.";
        }

        foreach (var type in Forms.Keys.Except(resources.Select(resource => resource["type"].Text()!)))
        {
            yield return $"There is no {type} any more: leave its names out here, or find out why.";
        }
    }
}
