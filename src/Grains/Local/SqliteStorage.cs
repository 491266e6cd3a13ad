using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Counter.Grains.Local;

/// <summary>Grain storage in one SQLite file, <c>counter.db</c>, in the data directory. Safe for concurrent use.</summary>
/// <remarks>
/// Orleans' own provider opens a connection and waits for the disk for every grain. This one commits concurrent writes in one transaction: a write
/// that has returned survives a power failure, and thousands of pages are saved in a second.
/// </remarks>
internal sealed class SqliteStorage : IGrainStorage, IAsyncDisposable
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "counter.db";

    private readonly DataDirectory directory;
    private readonly SqliteReader reader;
    private readonly SqliteWriter writer;

    /// <summary>Opens the file, and creates it if it is missing.</summary>
    /// <exception cref="DataDirectoryException">The directory or the file cannot be used; the message says why.</exception>
    public SqliteStorage(string path, ILogger<SqliteStorage> log)
    {
        directory = new DataDirectory(path);
        try
        {
            var file = new SqliteFile(Path.Combine(directory.Path, FileName));
            directory.Restrict(file.Paths.Where(File.Exists), log);
            writer = new SqliteWriter(file.Open());
            reader = new SqliteReader(file.Open());
        }
        catch
        {
            writer?.Dispose();
            directory.Dispose();
            throw;
        }
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Set(grainState, reader.Find(stateName, grainId.ToString()));
        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        Set(grainState, await ChangeAsync(stateName, grainId, grainState.ETag, (StoredBytes)(object)grainState.State!));

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        Set(grainState, await ChangeAsync(stateName, grainId, grainState.ETag, null));

    /// <summary>Closes the storage after all pending writes.</summary>
    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        reader.Dispose();
        directory.Dispose();
    }

    private async Task<SqliteRow?> ChangeAsync(string name, GrainId grain, string? etag, StoredBytes? value)
    {
        var change = new SqliteChange(name, grain.ToString(), etag, value);
        await writer.WriteAsync(change);
        return change.Conflicts
            ? throw new InconsistentStateException($"{name} of a {grain.Type} was changed by another writer.", "another", etag)
            : change.Row;
    }

    private static void Set<T>(IGrainState<T> state, SqliteRow? row) =>
        (state.RecordExists, state.ETag, state.State) = (row is not null, row?.ETag, (T)(object)(row?.Value ?? new StoredBytes()));
}
