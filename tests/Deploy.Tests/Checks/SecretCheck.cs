using Counter.Deploy.Tests.Bicep;

namespace Counter.Deploy.Tests.Checks;

/// <summary>Nothing has a password that could do without, and the one secret goes nowhere but to the app.</summary>
internal static class SecretCheck
{
    private static readonly string[] Suspicious = ["key", "secret", "password", "connectionString", "token", "credential"];

    // Properties that must say no, by the beginning of a resource's type.
    private static readonly (string Type, string Property)[] Forbidden =
    [
        ("Microsoft.Storage/storageAccounts@", "allowSharedKeyAccess"),
        ("Microsoft.Storage/storageAccounts@", "allowBlobPublicAccess"),
        ("Microsoft.ContainerRegistry/registries@", "adminUserEnabled"),
        ("Microsoft.ContainerRegistry/registries@", "anonymousPullEnabled"),
    ];

    public static IEnumerable<string> Check(BicepFolder folder) =>
        folder.Templates.SelectMany(file => CheckFile(folder, file)).Concat(
            from rule in Forbidden
            from found in folder.Resources(rule.Type)
            let properties = found.Resource.Body?["properties"] as ObjectExpression
            where properties?[rule.Property] is not PlainExpression { Text: "false" }
            select $"{found.File.Path}:{found.Resource.Line}: {rule.Property} is not false.");

    private static IEnumerable<string> CheckFile(BicepFolder folder, BicepFile file)
    {
        foreach (var call in file.Values.OfType<CallExpression>().Where(call => call.Function.StartsWith("list", StringComparison.Ordinal)))
        {
            yield return $"{file.Path}:{call.Line}: {call.Function} hands out keys.";
        }

        foreach (var text in file.Values.OfType<TextExpression>().Where(text => text.Text.Contains("accountKey", StringComparison.OrdinalIgnoreCase)))
        {
            yield return $"{file.Path}:{text.Line}: an account's key.";
        }

        var secure = file.Of(DeclarationKind.Parameter).Where(p => p.Has("secure")).Select(p => p.Name).ToHashSet();
        foreach (var parameter in file.Of(DeclarationKind.Parameter).Where(p => Suspects(p.Name) && !p.Has("secure")))
        {
            yield return $"{file.Path}:{parameter.Line}: '{parameter.Name}' sounds secret and is not @secure().";
        }

        foreach (var parameter in file.Of(DeclarationKind.Parameter).Where(p => p.Has("secure") && p.Value is not null))
        {
            yield return $"{file.Path}:{parameter.Line}: '{parameter.Name}' is secret and has a default.";
        }

        foreach (var output in file.Of(DeclarationKind.Output).Where(o => Suspects(o.Name) || o.Value!.All().Any(value => value is MemberExpression member && Suspects(member.Name))))
        {
            yield return $"{file.Path}:{output.Line}: output '{output.Name}' sounds secret; everybody who sees the deployment sees it.";
        }

        var safe = SafePlaces(folder, file).ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (var name in file.Values.OfType<NameExpression>().Where(name => secure.Contains(name.Name) && !safe.Contains(name)))
        {
            yield return $"{file.Path}:{name.Line}: '{name.Name}' is secret; only the secrets of an app and secure parameters may have it.";
        }
    }

    /// <summary>Names as they stand among an app's secrets, or as a secure parameter of a module.</summary>
    private static IEnumerable<NameExpression> SafePlaces(BicepFolder folder, BicepFile file)
    {
        var secrets = file.Values.OfType<ObjectExpression>().SelectMany(o => o.Properties).Where(p => p.Name == "secrets").SelectMany(p => p.Value.All());
        var passed =
            from module in file.Of(DeclarationKind.Module)
            where folder.Files.ContainsKey(module.Type.Text)
            let secure = folder.Files[module.Type.Text].Of(DeclarationKind.Parameter).Where(p => p.Has("secure")).Select(p => p.Name).ToHashSet()
            from property in (module.Body?["params"] as ObjectExpression)?.Properties ?? []
            where secure.Contains(property.Name)
            select property.Value;
        return secrets.Concat(passed).OfType<NameExpression>();
    }

    private static bool Suspects(string name) => Suspicious.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
}
