using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Counter.Deploy.Tests;

/// <summary>What the compiler makes of the files, as texts so that a test can break them.</summary>
/// <param name="Template">The template that Azure is given.</param>
/// <param name="Resources">The resources that it makes, as far as they are known beforehand.</param>
/// <param name="Complaints">What the compiler had to say.</param>
internal sealed record Compiled(string Template, string Resources, string Complaints)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly Lazy<Task<Compiled>> Once = new(CompileAsync);

    public static Task<Compiled> GetAsync()
    {
        BicepCompiler.SkipWithout();
        return Once.Value;
    }

    private static async Task<Compiled> CompileAsync()
    {
        using var folder = new BicepFolder();
        var file = folder.Copy("it");
        var (built, complaints, _) = await BuildAsync(file);

        // No environment variable gives the prefix. Now there is the longest.
        await File.AppendAllTextAsync(file, "\nparam prefix = 'longprefix'\n");
        var (_, more, _) = await SnapshotAsync(file, BicepFolder.Environment);
        var snapshot = Path.ChangeExtension(file, ".snapshot.json");
        return File.Exists(snapshot) && built.Length > 0
            ? new(Compact(JsonNode.Parse(built)!["templateJson"].Text()!), Compact(await File.ReadAllTextAsync(snapshot), "predictedResources"), complaints + more)
            : new("{}", "[]", $"It does not compile. {complaints}{more}");
    }

    /// <summary>Compiles a parameter file, its template and the modules of that.</summary>
    public static Task<(string Output, string Complaints, bool Refused)> BuildAsync(string file) =>
        BicepCompiler.RunAsync(BicepFolder.Environment, "build-params", file, "--stdout", "--no-restore");

    /// <summary>Works out what a deployment makes, beside the parameter file.</summary>
    public static Task<(string Output, string Complaints, bool Refused)> SnapshotAsync(string file, IReadOnlyDictionary<string, string> environment) =>
        BicepCompiler.RunAsync(environment, "snapshot", file, "--mode", "overwrite", "--location", "westeurope",
            "--subscription-id", BicepFolder.Scope.Split('/')[2], "--resource-group", BicepFolder.Scope.Split('/')[^1]);

    private static string Compact(string json, string? part = null)
    {
        var node = JsonNode.Parse(json)!;
        return (part is null ? node : node[part]!).ToJsonString(Plain);
    }
}
