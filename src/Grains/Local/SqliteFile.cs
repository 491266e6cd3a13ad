using Microsoft.Data.Sqlite;

namespace Counter.Grains.Local;

/// <summary>A SQLite file of the process's own: its owner's only, and of a version that this program knows.</summary>
internal sealed class SqliteFile(string path)
{
    private const long Version = 1;

    /// <summary>The file, and those that SQLite makes beside it.</summary>
    public IEnumerable<string> Paths => [path, path + "-wal", path + "-shm"];

    /// <summary>Opens a connection, and makes the tables unless they are there.</summary>
    /// <exception cref="DataDirectoryException">It cannot be used; the message says why.</exception>
    public SqliteConnection Open()
    {
        SqliteConnection? connection = null;
        try
        {
            // SQLite gives the files beside it the rights of this one. One that is there is not opened: to close it would give up the locks that an
            // earlier connection of this process has on it, and whoever copies it meanwhile would take the log beside it away.
            if (!File.Exists(path))
            {
                OwnerOnly.Open(path, new() { Mode = FileMode.CreateNew, Access = FileAccess.Write }).Dispose();
            }

            connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
            connection.Open();

            // Readers do not wait for the writer. What is committed is on the disk: one transaction has the changes of many grains.
            Do("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864");
            using var version = connection.CreateCommand();
            version.CommandText = "PRAGMA user_version";
            if (version.ExecuteScalar() is long there and > Version)
            {
                throw new DataDirectoryException($"{path} was made by a later version of Counter ({there}; this one knows {Version}): run that one.");
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
            $"{path} is damaged: put a copy of it in its place, or move it away to begin anew. ({e.Message})",
        SQLitePCL.raw.SQLITE_FULL => $"There is no room on the disk of {path}: make some. ({e.Message})",
        _ => $"{path} cannot be used: see that this process may write it. ({e.Message})",
    }, e);
}
