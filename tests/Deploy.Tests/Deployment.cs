using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Counter.Deploy.Tests.Checks;
using Xunit;

namespace Counter.Deploy.Tests;

/// <summary>The files of the deployment and what they are compiled to, as texts, so that a test can break one of them and see what is said.</summary>
internal sealed class Deployment
{
    public const string Workflow = ".github/workflows/azure.yml";
    public const string Guide = "docs/azure.md";
    public const string Settings = "docs/configuration.md";
    public const string Parameters = "deploy/bicep/main.bicepparam";

    /// <summary>What the template is called among the texts.</summary>
    public const string Template = "template";

    /// <summary>What the resources are called among the texts.</summary>
    public const string Resources = "resources";

    /// <summary>The root of the repository.</summary>
    public static readonly string Repository = Path.GetFullPath("../..", Here());

    private static readonly string Source = string.Join('\n', Directory.EnumerateFiles(Full("src"), "*.cs", SearchOption.AllDirectories)
        .Where(path => !path.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText).Select(text => text.ReplaceLineEndings("\n")));

    // A new line as a text in a test's data has it, whatever the file has.
    private readonly Dictionary<string, string> texts = Paths().ToDictionary(path => path, path => File.ReadAllText(Full(path)).ReplaceLineEndings("\n"));

    /// <summary>What is wrong with the files as they are written.</summary>
    public IEnumerable<string> ProblemsOfTexts() =>
    [
        .. texts.SelectMany(text => PortCheck.Check(text.Key, text.Value)),
        .. WorkflowCheck.Check(Workflow, texts[Workflow], texts[Guide], path => Path.Exists(Full(path))),
        .. SettingCheck.CheckVariables(Parameters, texts[Parameters], texts[Guide]),
        .. ModuleCheck.CheckFiles(texts.Where(text => text.Key.StartsWith("deploy/bicep/", StringComparison.Ordinal)).ToDictionary()),
    ];

    /// <summary>What is wrong with what they are compiled to.</summary>
    /// <param name="compiled">What they are compiled to.</param>
    public IEnumerable<string> Problems(Compiled compiled)
    {
        var template = JsonNode.Parse(texts.GetValueOrDefault(Template, compiled.Template))!;
        var resources = JsonNode.Parse(texts.GetValueOrDefault(Resources, compiled.Resources)).Items().ToList();
        var apps = resources.Where(resource => resource["type"].Text() == "Microsoft.App/containerApps").ToList();
        return
        [
            .. ModuleCheck.Check(template),
            .. DescriptionCheck.Check(template),
            .. VersionCheck.Check(resources),
            .. NameCheck.Check(resources),
            .. SecretCheck.Check(template, resources),
            .. RoleCheck.Check(resources),
            .. IdentityCheck.Check(apps),
            .. ImageCheck.Check(template, apps),
            .. AppCheck.Check(apps),
            .. IngressCheck.Check(apps, resources),
            .. ProbeCheck.Check(apps, File.ReadAllText(Full("Dockerfile")).ReplaceLineEndings("\n"), Source),
            .. SettingCheck.Check(apps, texts[Guide] + texts[Settings], Source),
        ];
    }

    public string this[string path] => texts[path];

    /// <summary>Puts something else in the place of a text that must be there.</summary>
    public Deployment Break(string path, string what, string with)
    {
        texts[path] = Replace(path, texts[path], what, with);
        return this;
    }

    /// <summary>The same for what is compiled.</summary>
    public Deployment Break(Compiled compiled, string part, string what, string with)
    {
        texts[part] = Replace(part, part == Template ? compiled.Template : compiled.Resources, what, with);
        return this;
    }

    /// <summary>Puts something else in the place of a text that must be there.</summary>
    public static string Replace(string name, string text, string what, string with)
    {
        Assert.True(text.Contains(what, StringComparison.Ordinal), $"{name} has no '{what}' any more: this test breaks nothing.");
        return text.Replace(what, with, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Paths() =>
        Directory.EnumerateFiles(Full("deploy/bicep")).Where(path => Path.GetExtension(path) is ".bicep" or ".bicepparam")
            .Select(path => $"deploy/bicep/{Path.GetFileName(path)}").Order(StringComparer.Ordinal).Concat([Workflow, Guide, Settings]);

    private static string Full(string path) => Path.Combine(Repository, path);

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
