namespace Counter.Counting.Tests.Embedded;

/// <summary>A directory of a test's own that goes when the test does.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("counter-test-").FullName;

    public string Sites => Path.Combine(Root, "sites");

    /// <summary>What another process would find if the one that uses this directory were killed now.</summary>
    public TemporaryDirectory AsIfKilled()
    {
        var copy = new TemporaryDirectory();
        Directory.CreateDirectory(copy.Sites);
        foreach (var file in Directory.EnumerateFiles(Sites))
        {
            File.Copy(file, Path.Combine(copy.Sites, Path.GetFileName(file)));
        }

        return copy;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
