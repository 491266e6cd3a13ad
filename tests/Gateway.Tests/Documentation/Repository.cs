using System.Runtime.CompilerServices;

namespace Counter.Gateway.Tests.Documentation;

/// <summary>The files of the repository that the tests were built from, with paths as they are written in it.</summary>
internal static class Repository
{
    public static readonly string Root = Path.GetFullPath("../../..", Here());

    /// <summary>A text, with line ends as in the repository.</summary>
    public static string Read(string path) => File.ReadAllText(Full(path)).ReplaceLineEndings("\n");

    public static void Write(string path, string text) => File.WriteAllText(Full(path), text);

    public static bool Exists(string path) => Path.Exists(Full(path));

    /// <summary>The files below a folder that are of the project: what was built or installed is not.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Full(folder), pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj" or "node_modules"))
            .Order(StringComparer.Ordinal);

    private static string Full(string path) => Path.Combine(Root, path);

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
