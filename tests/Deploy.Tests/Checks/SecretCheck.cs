using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Counter.Deploy.Tests.Checks;

/// <summary>Nothing has a password that could do without, and the one secret goes nowhere but to the app.</summary>
internal static partial class SecretCheck
{
    // Properties that must say no, by type.
    private static readonly (string Type, string Property)[] Forbidden =
    [
        ("Microsoft.Storage/storageAccounts", "allowSharedKeyAccess"),
        ("Microsoft.Storage/storageAccounts", "allowBlobPublicAccess"),
        ("Microsoft.ContainerRegistry/registries", "adminUserEnabled"),
        ("Microsoft.ContainerRegistry/registries", "anonymousPullEnabled"),
    ];

    public static IEnumerable<string> Check(JsonNode template, IReadOnlyList<JsonNode> resources) =>
        template.All().Where(IsTemplate).SelectMany(CheckTemplate)
            .Concat(template.All().Where(node => Keys().IsMatch(node.Text() ?? "")).Select(node => $"{node.GetPath()}: '{node.Text()}' hands out keys."))
            .Concat(
                from rule in Forbidden
                from resource in resources
                where resource["type"].Text() == rule.Type && resource["properties"]?[rule.Property]?.ToJsonString() != "false"
                select $"{resource["name"]}: {rule.Property} is not false.");

    private static IEnumerable<string> CheckTemplate(JsonNode template)
    {
        var place = template.GetPath();
        var secure = Secure(template);
        var parameters = (template["parameters"] as JsonObject ?? []).ToList();
        foreach (var (name, _) in parameters.Where(parameter => Suspicious().IsMatch(parameter.Key) && !secure.Contains(parameter.Key)))
        {
            yield return $"{place}: '{name}' sounds secret and is not @secure().";
        }

        foreach (var (name, _) in parameters.Where(parameter => secure.Contains(parameter.Key) && parameter.Value!["defaultValue"] is not null))
        {
            yield return $"{place}: '{name}' is secure and has a default.";
        }

        foreach (var (name, _) in (template["outputs"] as JsonObject ?? []).Where(output => Suspicious().IsMatch(output.Key) || Member().IsMatch(output.Value!["value"].Text() ?? "")))
        {
            yield return $"{place}: output '{name}' sounds secret; everybody who sees the deployment sees it.";
        }

        // What is in a module speaks of the module's own parameters.
        var inner = template.All().Where(node => node != template && IsTemplate(node)).Select(node => node.GetPath()).ToList();
        foreach (var use in template.All().Where(node => secure.Any(name => node.Text()?.Contains($"parameters('{name}')", StringComparison.Ordinal) == true)))
        {
            if (!inner.Exists(use.GetPath().StartsWith) && !IsSafe(use))
            {
                yield return $"{use.GetPath()}: a secret is here; only the secrets of an app and secure parameters may have it.";
            }
        }
    }

    /// <summary>Whether this is the value of one of an app's secrets, or of a secure parameter of a module.</summary>
    private static bool IsSafe(JsonNode use)
    {
        var (holder, list) = (use.Parent, use.Parent?.Parent);
        return Name(use) == "value" && Name(list) switch
        {
            "secrets" => true,
            "parameters" => Secure(list!.Parent!["template"]).Contains(Name(holder)),
            _ => false,
        };
    }

    private static string Name(JsonNode? node) => node?.Parent is JsonObject ? node.GetPropertyName() : "";

    private static bool IsTemplate(JsonNode node) => node is JsonObject template && template.ContainsKey("$schema");

    private static HashSet<string> Secure(JsonNode? template) =>
        (template?["parameters"] as JsonObject ?? []).Where(parameter => parameter.Value!["type"].Text()?.StartsWith("secure", StringComparison.Ordinal) == true)
            .Select(parameter => parameter.Key).ToHashSet();

    [GeneratedRegex("key|secret|password|connectionString|token|credential", RegexOptions.IgnoreCase)]
    private static partial Regex Suspicious();

    [GeneratedRegex(@"\.\w*(key|secret|password|connectionString|token|credential)", RegexOptions.IgnoreCase)]
    private static partial Regex Member();

    [GeneratedRegex(@"\blist\w*\(|accountKey", RegexOptions.IgnoreCase)]
    private static partial Regex Keys();
}
