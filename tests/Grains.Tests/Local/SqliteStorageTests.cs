using Counter.Grains.Local;
using Counter.Grains.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Storage;
using Xunit;

namespace Counter.Grains.Tests.Local;

/// <summary>The database file of a gateway with a silo in its process.</summary>
public sealed class SqliteStorageTests : IAsyncDisposable
{
    private static readonly GrainId Grain = GrainId.Create("counter", "example.com/ä");

    private readonly LocalFile file = new();

    public ValueTask DisposeAsync() => file.DisposeAsync();

    [Fact]
    public async Task Written_state_is_read_after_reopening_the_file()
    {
        var state = await ReadAsync();
        Assert.False(state.RecordExists);
        state.State = new StoredBytes { Format = 1, Bytes = [1, 2, 3], Writer = 7 };
        await file.Storage.WriteStateAsync("page", Grain, state);
        await file.ReopenAsync();

        var read = await ReadAsync();
        Assert.True(read.RecordExists);
        Assert.Equal(state.ETag, read.ETag);
        Assert.Equal((1, 7L), (read.State!.Format, read.State.Writer));
        Assert.Equal([1, 2, 3], read.State.Bytes!);
        Assert.False((await ReadAsync("another")).RecordExists);

        await file.Storage.ClearStateAsync("page", Grain, read);
        Assert.False(read.RecordExists);
        Assert.Null(read.ETag);
        Assert.False((await ReadAsync()).RecordExists);
        await file.Storage.ClearStateAsync("page", Grain, read);
    }

    [Fact]
    public async Task A_write_with_an_outdated_etag_is_refused()
    {
        var (first, second) = (await ReadAsync(), await ReadAsync());
        first.State = new StoredBytes { Format = 1, Bytes = [1] };
        await file.Storage.WriteStateAsync("page", Grain, first);
        await ConflictsAsync(second);

        second = await ReadAsync();
        first.State!.Bytes = [2];
        await file.Storage.WriteStateAsync("page", Grain, first);
        await ConflictsAsync(second);

        // Deleted and written again, it is another version.
        await file.Storage.ClearStateAsync("page", Grain, first);
        await ConflictsAsync(second);
        first.State = new StoredBytes { Format = 1, Bytes = [3] };
        await file.Storage.WriteStateAsync("page", Grain, first);
        await ConflictsAsync(second);
        Assert.Equal([3], (await ReadAsync()).State!.Bytes!);
    }

    [Fact]
    public async Task A_failed_write_does_not_fail_others()
    {
        var all = Enumerable.Range(0, 1000).Select(i => (Name: i % 100 == 50 ? null! : $"state-{i}", State: new GrainState<StoredBytes>(new StoredBytes { Format = 1 }))).ToList();
        var writes = all.Select(one => file.Storage.WriteStateAsync(one.Name, Grain, one.State)).ToList();
        foreach (var (one, write) in all.Zip(writes))
        {
            if (one.Name is null)
            {
                await Assert.ThrowsAsync<IOException>(() => write);
            }
            else
            {
                await write;
                Assert.Equal(one.State.ETag, (await ReadAsync(one.Name)).ETag);
            }
        }
    }

    [Fact]
    public async Task Files_are_made_readable_by_their_owner_only()
    {
        await file.ReopenAsync(() =>
        {
            File.SetUnixFileMode(file.Path, (UnixFileMode)0b110_110_110);
            File.SetUnixFileMode(file.Directory, (UnixFileMode)0b111_101_101);
        });
        await file.Storage.WriteStateAsync("page", Grain, new GrainState<StoredBytes>(new StoredBytes()));
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(file.Directory));
        var files = Directory.GetFiles(file.Directory);
        Assert.Contains(file.Path + "-wal", files);
        Assert.All(files, path => Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(path)));
    }

    [Fact]
    public async Task A_new_directory_is_private_and_a_shared_one_is_unchanged()
    {
        const UnixFileMode Shared = UnixFileMode.StickyBit | (UnixFileMode)0b111_111_111;
        await file.ReopenAsync(() => File.SetUnixFileMode(file.Directory, Shared));
        var made = Path.Combine(file.Directory, "some", "made");
        await new SqliteStorage(made, NullLogger<SqliteStorage>.Instance).DisposeAsync();
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(made));
        Assert.Equal(Shared, File.GetUnixFileMode(file.Directory));
        Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(file.Path));
    }

    [Fact]
    public void A_directory_that_cannot_be_created_prints_one_line()
    {
        var problem = Assert.Throws<DataDirectoryException>(() => { _ = new SqliteStorage(Path.Combine(file.Path, "data"), NullLogger<SqliteStorage>.Instance); });
        Assert.Contains("cannot be written: let this process write to it, or set Data:Directory", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_in_use_prints_one_line() =>
        Assert.Contains("is in use by another process: stop that one, or set Data:Directory", Assert.Throws<DataDirectoryException>(file.Open).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("damaged: restore a backup of it, or move it away to start empty.")]
    [InlineData("written by a later version of Counter (2; this version reads 1): run that version.")]
    [InlineData("cannot be used: check that this process may write it.")]
    public async Task An_unusable_file_prints_one_line_and_stays_unchanged(string problem)
    {
        await file.Storage.DisposeAsync();
        switch (problem[..4])
        {
            case "dama":
                await File.WriteAllBytesAsync(file.Path, [.. Enumerable.Range(0, 5000).Select(i => (byte)(i % 251))], TestContext.Current.CancellationToken);
                break;
            case "writ":
                Do("PRAGMA user_version = 2");
                break;
            default:
                File.Delete(file.Path);
                Directory.CreateDirectory(file.Path);
                break;
        }

        var before = File.Exists(file.Path) ? await File.ReadAllBytesAsync(file.Path, TestContext.Current.CancellationToken) : [];
        Assert.Contains(problem, Assert.Throws<DataDirectoryException>(file.Open).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.Exists(file.Path) ? await File.ReadAllBytesAsync(file.Path, TestContext.Current.CancellationToken) : []);
    }

    private void Do(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file.Path};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private async Task ConflictsAsync(GrainState<StoredBytes> state)
    {
        await Assert.ThrowsAsync<InconsistentStateException>(() => file.Storage.WriteStateAsync("page", Grain, state));
        if (state.ETag is not null)
        {
            await Assert.ThrowsAsync<InconsistentStateException>(() => file.Storage.ClearStateAsync("page", Grain, state));
        }
    }

    private async Task<GrainState<StoredBytes>> ReadAsync(string name = "page")
    {
        var state = new GrainState<StoredBytes>(new StoredBytes());
        await file.Storage.ReadStateAsync(name, Grain, state);
        return state;
    }
}
