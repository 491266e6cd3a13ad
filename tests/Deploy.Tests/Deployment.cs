using Counter.Deploy.Tests.Bicep;
using Counter.Deploy.Tests.Checks;
using Xunit;

namespace Counter.Deploy.Tests;

/// <summary>The files of the deployment as texts, so that a test can break one of them and see what is said.</summary>
internal sealed class Deployment
{
    public const string Workflow = ".github/workflows/azure.yml";
    public const string Guide = "docs/azure.md";

    private static readonly string Source = string.Join('\n', Directory.EnumerateFiles(Full("src"), "*.cs", SearchOption.AllDirectories)
        .Where(path => !path.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText).Select(text => text.ReplaceLineEndings("\n")));

    // A new line as a text in a test's data has it, whatever the file has.
    private readonly Dictionary<string, string> texts = Paths().ToDictionary(path => path, path => File.ReadAllText(Full(path)).ReplaceLineEndings("\n"));

    /// <summary>What all checks say.</summary>
    public IReadOnlyList<string> Problems()
    {
        BicepFolder folder;
        try
        {
            folder = BicepFolder.Of(texts.Where(t => t.Key.StartsWith("deploy/", StringComparison.Ordinal)).Select(t => (Path.GetFileName(t.Key), t.Value)));
        }
        catch (InvalidOperationException e)
        {
            return [e.Message];
        }

        return
        [
            .. NameCheck.Check(folder),
            .. ModuleCheck.Check(folder),
            .. VersionCheck.Check(folder),
            .. SecretCheck.Check(folder),
            .. RoleCheck.Check(folder),
            .. AppCheck.Check(folder),
            .. ImageCheck.Check(folder),
            .. DescriptionCheck.Check(folder),
            .. SettingCheck.Check(folder, texts[Guide] + texts["README.md"], Source),
            .. texts.SelectMany(t => PortCheck.Check(t.Key, t.Value)),
            .. WorkflowCheck.Check(Workflow, texts[Workflow], texts[Guide], path => Path.Exists(Full(path))),
        ];
    }

    public string this[string path] => texts[path];

    /// <summary>Puts something else in the place of a text that must be there.</summary>
    public Deployment Break(string path, string what, string with)
    {
        Assert.True(texts[path].Contains(what, StringComparison.Ordinal), $"{path} has no '{what}' any more: this test breaks nothing.");
        texts[path] = texts[path].Replace(what, with, StringComparison.Ordinal);
        return this;
    }

    private static IEnumerable<string> Paths() =>
        Directory.EnumerateFiles(Full("deploy/bicep")).Where(path => Path.GetExtension(path) is ".bicep" or ".bicepparam")
            .Select(path => $"deploy/bicep/{Path.GetFileName(path)}").Order(StringComparer.Ordinal).Concat([Workflow, Guide, "README.md"]);

    private static string Full(string path) => Path.Combine(BicepFolder.Repository, path);
}
