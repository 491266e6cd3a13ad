using Microsoft.Data.Sqlite;

namespace Counter.Grains.Local;

/// <summary>Copies the database of a data directory, also while a process writes to it.</summary>
internal static class SqliteBackup
{
    /// <summary>Copies the database as it is now.</summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="to">The new file.</param>
    /// <returns>The path of the database.</returns>
    /// <exception cref="DataDirectoryException">There is no database, or the new file exists or cannot be written.</exception>
    public static string Write(string directory, string to)
    {
        var from = Path.Combine(Path.GetFullPath(directory), SqliteStorage.FileName);
        if (!File.Exists(from))
        {
            throw new DataDirectoryException($"There is no {from} to back up: set Data:Directory to the directory that Counter uses.");
        }

        Create(to);
        try
        {
            using var source = Open(from);
            using var copy = Open(to);
            source.BackupDatabase(copy);

            // The copied header says that a log belongs to the database. The copy is one file without a log.
            using var command = copy.CreateCommand();
            command.CommandText = "PRAGMA journal_mode = DELETE";
            command.ExecuteNonQuery();
        }
        catch (SqliteException e)
        {
            File.Delete(to);
            throw new DataDirectoryException(
                $"{from} cannot be copied to {to}: check that this process may read the first, and that there is room for the second. ({e.Message})", e);
        }

        return from;
    }

    private static void Create(string path)
    {
        try
        {
            OwnerOnly.Open(path, new() { Mode = FileMode.CreateNew, Access = FileAccess.Write }).Dispose();
        }
        catch (IOException e) when (Path.Exists(path))
        {
            throw new DataDirectoryException($"{path} already exists: name another file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataDirectoryException($"{path} cannot be written: name a file that this process may write. ({e.Message})", e);
        }
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }
}
