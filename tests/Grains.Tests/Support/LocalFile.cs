using Counter.Grains.Changes;
using Counter.Grains.Local;
using Microsoft.Extensions.Logging.Abstractions;

namespace Counter.Grains.Tests.Support;

/// <summary>What a gateway with a silo in its process keeps things in, in a directory of its own.</summary>
internal sealed class LocalFile : IAsyncDisposable
{
    private readonly DirectoryInfo directory = System.IO.Directory.CreateTempSubdirectory("counter-test-");

    public LocalFile() => Storage = Open();

    /// <summary>Where the file is.</summary>
    public string Directory => directory.FullName;

    /// <summary>The file itself.</summary>
    public string Path => System.IO.Path.Combine(directory.FullName, "counter.db");

    /// <summary>What grains keep things in.</summary>
    public SqliteStorage Storage { get; private set; }

    /// <summary>What changes come through.</summary>
    public LocalReceivers Inboxes { get; } = new();

    /// <summary>Opens it once more.</summary>
    /// <exception cref="Grains.Local.DataDirectoryException">It cannot be used.</exception>
    public SqliteStorage Open() => new(directory.FullName, NullLogger<SqliteStorage>.Instance);

    /// <summary>Closes it, has something happen to it, and opens it again.</summary>
    public async Task ReopenAsync(Action? meanwhile = null)
    {
        await Storage.DisposeAsync();
        meanwhile?.Invoke();
        Storage = Open();
    }

    public async ValueTask DisposeAsync()
    {
        await Storage.DisposeAsync();
        directory.Delete(recursive: true);
    }
}
