using Microsoft.Data.Sqlite;

namespace Counter.Grains.Local;

/// <summary>Reads states, one at a time. It has its own connection, so it does not wait for writes.</summary>
internal sealed class SqliteReader : IDisposable
{
    private readonly Lock gate = new();
    private readonly SqliteConnection connection;
    private readonly SqliteCommand command;

    public SqliteReader(SqliteConnection connection)
    {
        this.connection = connection;
        command = connection.CreateCommand();
        command.CommandText = "SELECT version, format, writer, bytes FROM grains WHERE grain = $grain AND name = $name";
        command.Parameters.Add("$grain", SqliteType.Text);
        command.Parameters.Add("$name", SqliteType.Text);
    }

    /// <summary>Reads a state; null when none is stored.</summary>
    public SqliteRow? Find(string name, string grain)
    {
        lock (gate)
        {
            (command.Parameters[0].Value, command.Parameters[1].Value) = (grain, name);
            using var rows = command.ExecuteReader();
            return rows.Read()
                ? new SqliteRow(rows.GetInt64(0), new StoredBytes { Format = rows.GetInt32(1), Writer = rows.GetInt64(2), Bytes = rows.IsDBNull(3) ? null : (byte[])rows.GetValue(3) })
                : null;
        }
    }

    public void Dispose()
    {
        command.Dispose();
        connection.Dispose();
    }
}
