using System.Runtime.CompilerServices;

namespace Counter.Deploy.Tests.Bicep;

/// <summary>The Bicep files of a deployment, by path.</summary>
internal sealed record BicepFolder(IReadOnlyDictionary<string, BicepFile> Files)
{
    /// <summary>The file that wires the others.</summary>
    public const string Main = "main.bicep";

    /// <summary>The templates; parameter files are not among them.</summary>
    public IEnumerable<BicepFile> Templates => Files.Values.Where(file => file.Path.EndsWith(".bicep", StringComparison.Ordinal));

    /// <summary>The files that give the templates their parameters.</summary>
    public IEnumerable<BicepFile> ParameterFiles => Files.Values.Except(Templates);

    /// <summary>Resources whose type begins so, in all files.</summary>
    public IEnumerable<(BicepFile File, Declaration Resource)> Resources(string type = "") =>
        from file in Templates
        from resource in file.Of(DeclarationKind.Resource)
        where resource.Type.Text.StartsWith(type, StringComparison.OrdinalIgnoreCase)
        select (file, resource);

    /// <exception cref="BicepException">One cannot be read.</exception>
    public static BicepFolder Of(params IEnumerable<(string Path, string Source)> files) =>
        new(files.Select(file => Parse(file.Path, file.Source)).ToDictionary(file => file.Path));

    /// <summary>The root of the repository.</summary>
    public static string Repository { get; } = Path.GetFullPath("../../..", Here());

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private static BicepFile Parse(string path, string source)
    {
        try
        {
            return FileParser.Parse(path, source);
        }
        catch (BicepException e)
        {
            throw new InvalidOperationException($"{path}, {e.Message}", e);
        }
    }
}
