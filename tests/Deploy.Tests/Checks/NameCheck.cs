using Counter.Deploy.Tests.Bicep;

namespace Counter.Deploy.Tests.Checks;

/// <summary>Names mean something, mean one thing, and are used.</summary>
internal static class NameCheck
{
    // What these files call. Look a function or decorator up in Bicep's reference before you add it.
    private static readonly HashSet<string> Functions =
    [
        "bool", "cidrSubnet", "concat", "contains", "empty", "fail", "flatten", "guid", "json", "length", "map", "readEnvironmentVariable",
        "resourceGroup", "string", "subscriptionResourceId", "take", "union", "uniqueString",
    ];

    private static readonly HashSet<string> Decorators = ["allowed", "description", "maxLength", "maxValue", "minLength", "minValue", "secure"];
    private static readonly HashSet<string> Types = ["array", "bool", "int", "object", "string"];

    public static IEnumerable<string> Check(BicepFolder folder) => folder.Files.Values.SelectMany(Check);

    private static IEnumerable<string> Check(BicepFile file)
    {
        var outputs = file.Of(DeclarationKind.Output).ToList();
        var symbols = file.Declarations.Except(outputs).Where(d => d.Name.Length > 0).ToList();
        foreach (var twice in symbols.GroupBy(d => d.Name).Concat(outputs.GroupBy(d => d.Name)).Where(g => g.Count() > 1))
        {
            yield return $"{file.Path}:{twice.Last().Line}: '{twice.Key}' is declared twice.";
        }

        var names = file.Declarations.SelectMany(d => d.Value?.FreeNames() ?? []).ToList();
        foreach (var name in names.Where(name => symbols.All(d => d.Name != name.Name || d.Kind == DeclarationKind.Type)))
        {
            yield return $"{file.Path}:{name.Line}: '{name.Name}' is not declared.";
        }

        foreach (var call in file.Values.OfType<CallExpression>().Where(call => call.Of is null && !Functions.Contains(call.Function)))
        {
            yield return $"{file.Path}:{call.Line}: '{call.Function}' is no function that is known here.";
        }

        var members = file.Declarations.SelectMany(d => d.Type.Properties.Prepend(d)).ToList();
        foreach (var decorator in members.SelectMany(d => d.Decorators).Where(d => !Decorators.Contains(d.Function)))
        {
            yield return $"{file.Path}:{decorator.Line}: '@{decorator.Function}' is no decorator that is known here.";
        }

        var declaredTypes = file.Of(DeclarationKind.Type).Select(d => d.Name).ToHashSet();
        foreach (var member in members.Where(d => d.Type.Names.Any(name => !Types.Contains(name) && !declaredTypes.Contains(name))))
        {
            yield return $"{file.Path}:{member.Line}: the type of '{member.Name}' is not declared.";
        }

        var used = names.Select(name => name.Name).Concat(members.SelectMany(d => d.Type.Names)).ToHashSet();
        var isTemplate = file.Path.EndsWith(".bicep", StringComparison.Ordinal);
        foreach (var idle in symbols.Where(d => !used.Contains(d.Name) && MustBeUsed(d, isTemplate)))
        {
            yield return $"{file.Path}:{idle.Line}: '{idle.Name}' is never used.";
        }
    }

    // Resources and modules do something by being there, and so do the parameters of a parameter file.
    private static bool MustBeUsed(Declaration declaration, bool isTemplate) =>
        declaration.Kind is DeclarationKind.Variable or DeclarationKind.Type || (declaration.Kind == DeclarationKind.Parameter && isTemplate);
}
