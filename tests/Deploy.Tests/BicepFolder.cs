using System.Collections.Immutable;

namespace Counter.Deploy.Tests;

/// <summary>A copy of <c>deploy/bicep</c> that is compiled, so that nothing is written into the repository and a text can be broken.</summary>
internal sealed class BicepFolder : IDisposable
{
    /// <summary>Where the deployment that the tests look at is made.</summary>
    public const string Scope = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/counter";

    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    /// <summary>What somebody deploys who uses everything, with the longest names.</summary>
    public static readonly ImmutableDictionary<string, string> Environment = new Dictionary<string, string>
    {
        ["COUNTER_REGISTRY"] = new('r', 50),
        ["COUNTER_GATEWAY_DIGEST"] = Digest,
        ["COUNTER_SILOS"] = $$"""[{"name":"longname","siloPort":11111,"gatewayPort":30000,"digest":"{{Digest}}"},{"name":"b","siloPort":11112,"gatewayPort":30001,"digest":"{{Digest}}"}]""",
        ["COUNTER_ADMIN_KEY"] = new('k', 48),
        ["COUNTER_ASSIGN_ROLES"] = "true",
        ["COUNTER_DOMAIN"] = "counter.example",
        ["COUNTER_CERTIFICATE_ID"] = "/certificates/counter",
        ["COUNTER_OTLP_ENDPOINT"] = "http://collector.example:4317",
    }.ToImmutableDictionary();

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("bicep-");

    public string Root => root.FullName;

    /// <summary>Makes a copy, in which other texts may stand in the place of some.</summary>
    /// <returns>Where its parameter file is.</returns>
    public string Copy(string name, params IEnumerable<(string File, string What, string With)> broken)
    {
        var folder = root.CreateSubdirectory(name).FullName;
        foreach (var source in Directory.EnumerateFiles(Path.Combine(Deployment.Repository, "deploy/bicep")))
        {
            var file = Path.GetFileName(source);
            var text = File.ReadAllText(source).ReplaceLineEndings("\n");
            File.WriteAllText(Path.Combine(folder, file), broken.Where(b => b.File == file).Aggregate(text, (t, b) => Deployment.Replace(file, t, b.What, b.With)));
        }

        return Path.Combine(folder, "main.bicepparam");
    }

    public void Dispose() => root.Delete(recursive: true);
}
