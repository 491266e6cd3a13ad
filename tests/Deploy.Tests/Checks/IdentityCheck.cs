using System.Text.Json.Nodes;

namespace Counter.Deploy.Tests.Checks;

/// <summary>Each app is one managed identity, whose name it has, and is that one to the registry and to storage.</summary>
internal static class IdentityCheck
{
    public static IEnumerable<string> Check(IReadOnlyList<JsonNode> apps)
    {
        foreach (var app in apps)
        {
            var identities = (app["identity"]?["userAssignedIdentities"] as JsonObject ?? []).Select(identity => identity.Key).ToList();
            var container = app["properties"]!["template"]!["containers"]![0]!;
            if (app["identity"]?["type"].Text() != "UserAssigned" || identities is not [var identity] || !identity.EndsWith($"-{container["name"]}", StringComparison.Ordinal))
            {
                yield return $"{app["name"]} is not the one identity that is made for a {container["name"]}.";
                continue;
            }

            if (app["properties"]!["configuration"]!["registries"].Items().Any(registry => registry["identity"].Text() != identity || registry["passwordSecretRef"] is not null))
            {
                yield return $"{app["name"]} does not pull its image as {identity}.";
            }

            if (!container["env"].Items().Any(setting => setting["name"].Text() == "AZURE_CLIENT_ID" && setting["value"].Text()!.Contains($"'{identity}'", StringComparison.Ordinal)))
            {
                yield return $"{app["name"]} asks for tokens as somebody else than {identity}.";
            }
        }
    }
}
