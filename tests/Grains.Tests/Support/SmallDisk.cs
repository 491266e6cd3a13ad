using Counter.Gateway.Tests.Support;

namespace Counter.Grains.Tests.Support;

/// <summary>A disk of its own, so small that it can be filled.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly DirectoryInfo directory = System.IO.Directory.CreateTempSubdirectory("counter-test-");
    private bool isMounted;

    /// <summary>Where it is.</summary>
    public string Directory => directory.FullName;

    private string Filler => Path.Combine(Directory, "filler");

    /// <summary>Makes one, as only root can.</summary>
    /// <returns>Why there is none; null when there is.</returns>
    public async Task<string?> TryMountAsync()
    {
        var problem = await Command.TryAsync("mount", $"-t tmpfs -o size=16m tmpfs {Directory}");
        isMounted = problem is null;
        return problem;
    }

    /// <summary>Leaves no room.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var some = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(some);
            }
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    /// <summary>There is room again.</summary>
    public void Free() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        if (isMounted)
        {
            await Command.RunAsync("umount", "-l " + Directory);
        }

        directory.Delete(recursive: true);
    }
}
