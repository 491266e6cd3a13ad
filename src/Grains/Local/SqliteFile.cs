using Microsoft.Data.Sqlite;

namespace Counter.Grains.Local;

/// <summary>The SQLite file of a process. Only its owner may read it, and its version must be one that this program reads.</summary>
internal sealed class SqliteFile(string path)
{
    private const long Version = 1;

    /// <summary>The file, and the files that SQLite creates beside it.</summary>
    public IEnumerable<string> Paths => [path, path + "-wal", path + "-shm"];

    /// <summary>Opens a connection and creates missing tables.</summary>
    /// <exception cref="DataDirectoryException">The file cannot be used; the message says why.</exception>
    public SqliteConnection Open()
    {
        SqliteConnection? connection = null;
        try
        {
            // SQLite gives the other files the rights of this one. An existing file is not opened here: a process that closes a file loses all its
            // locks on it, also those of SQLite. A backup in another process would then delete the log that this process still writes.
            if (!File.Exists(path))
            {
                OwnerOnly.Open(path, new() { Mode = FileMode.CreateNew, Access = FileAccess.Write }).Dispose();
            }

            connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
            connection.Open();

            // With WAL, readers do not wait for the writer. With FULL, a commit is on the disk; one transaction has the changes of many grains,
            // so that costs little.
            Do("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864");
            using var version = connection.CreateCommand();
            version.CommandText = "PRAGMA user_version";
            if (version.ExecuteScalar() is long there and > Version)
            {
                throw new DataDirectoryException($"{path} was written by a later version of Counter ({there}; this version reads {Version}): run that version.");
            }

            Do("""
                CREATE TABLE IF NOT EXISTS grains (
                  grain TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, format INTEGER NOT NULL, writer INTEGER NOT NULL, bytes BLOB,
                  PRIMARY KEY (grain, name)) STRICT
                """);
            Do($"PRAGMA user_version = {Version}");
            return connection;
        }
        catch (Exception e)
        {
            connection?.Dispose();
            if (e is not DataDirectoryException)
            {
                throw Unusable(e);
            }

            throw;
        }

        void Do(string sql)
        {
            using var command = connection!.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }

    private DataDirectoryException Unusable(Exception e) => new((e as SqliteException)?.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_CORRUPT =>
            $"{path} is damaged: restore a backup of it, or move it away to start empty. ({e.Message})",
        SQLitePCL.raw.SQLITE_FULL => $"There is no space on the disk of {path}: free some. ({e.Message})",
        _ => $"{path} cannot be used: check that this process may write it. ({e.Message})",
    }, e);
}
