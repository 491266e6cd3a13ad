using Counter.Deploy.Tests.Bicep;

namespace Counter.Deploy.Tests.Checks;

/// <summary>Modules exist, get what they need and nothing else, and give what is asked of them.</summary>
internal static class ModuleCheck
{
    public static IEnumerable<string> Check(BicepFolder folder)
    {
        var problems = folder.Templates.SelectMany(file => file.Of(DeclarationKind.Module).SelectMany(module => CheckModule(folder, file, module)))
            .Concat(folder.Templates.SelectMany(file => CheckOutputs(folder, file)))
            .Concat(folder.ParameterFiles.SelectMany(file => CheckParameterFile(folder, file)))
            .Concat(folder.Resources().Where(r => r.File.Path == BicepFolder.Main)
                .Select(r => $"{r.File.Path}:{r.Resource.Line}: {BicepFolder.Main} wires modules and has no resources of its own."));
        var used = folder.Templates.SelectMany(file => file.Of(DeclarationKind.Module)).Select(m => m.Type.Text).Append(BicepFolder.Main).ToHashSet();
        return problems.Concat(folder.Templates.Where(file => !used.Contains(file.Path)).Select(file => $"{file.Path}: no module uses it."));
    }

    private static IEnumerable<string> CheckModule(BicepFolder folder, BicepFile file, Declaration module)
    {
        var place = $"{file.Path}:{module.Line}: module '{module.Name}'";
        if (!folder.Files.TryGetValue(module.Type.Text, out var template))
        {
            yield return $"{place}: there is no {module.Type.Text}.";
            yield break;
        }

        if (module.Body?["name"] is null)
        {
            yield return $"{place} has no name.";
        }

        var passed = (module.Body?["params"] as ObjectExpression)?.Properties.Select(p => p.Name).ToList() ?? [];
        foreach (var problem in CheckParameters(template, passed))
        {
            yield return $"{place} {problem}";
        }
    }

    private static IEnumerable<string> CheckParameterFile(BicepFolder folder, BicepFile file)
    {
        var path = file.Of(DeclarationKind.Using).FirstOrDefault()?.Type.Text ?? "";
        if (!folder.Files.TryGetValue(path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path, out var template))
        {
            return [$"{file.Path}: there is no '{path}' that it is for."];
        }

        return CheckParameters(template, [.. file.Of(DeclarationKind.Parameter).Select(p => p.Name)]).Select(problem => $"{file.Path}: {problem}");
    }

    private static IEnumerable<string> CheckParameters(BicepFile template, List<string> passed)
    {
        var parameters = template.Of(DeclarationKind.Parameter).ToList();
        return passed.Except(parameters.Select(p => p.Name)).Select(name => $"passes '{name}', which {template.Path} does not have.")
            .Concat(parameters.Where(p => p.Value is null && !p.Type.Optional).Select(p => p.Name).Except(passed)
                .Select(name => $"does not pass '{name}', which {template.Path} needs."))
            .Concat(passed.GroupBy(name => name).Where(g => g.Count() > 1).Select(g => $"passes '{g.Key}' twice."));
    }

    /// <summary>Whoever says <c>module.outputs.name</c> gets what the module has, and does not ask a loop for it.</summary>
    private static IEnumerable<string> CheckOutputs(BicepFolder folder, BicepFile file) =>
        from asked in file.Values.OfType<MemberExpression>()
        let outputs = asked.Of as MemberExpression
        where outputs?.Name == "outputs"
        let name = (outputs.Of as NameExpression ?? (outputs.Of as IndexExpression)?.Of as NameExpression)?.Name
        let module = file.Of(DeclarationKind.Module).FirstOrDefault(m => m.Name == name)
        where module is null
            || (module.Value is LoopExpression && outputs.Of is NameExpression)
            || (folder.Files.TryGetValue(module.Type.Text, out var template) && template.Of(DeclarationKind.Output).All(o => o.Name != asked.Name))
        select $"{file.Path}:{asked.Line}: '{name}' has no output '{asked.Name}'.";
}
