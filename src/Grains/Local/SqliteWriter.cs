using System.Globalization;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Counter.Grains.Local;

/// <summary>Writes states. All waiting changes are committed in one transaction. Safe for concurrent use.</summary>
/// <remarks>The number of grains bounds the queue: each grain waits for its own change.</remarks>
internal sealed class SqliteWriter : IDisposable, IAsyncDisposable
{
    // The next transaction waits for this one, and a request may wait for the next one.
    private const int ChangesAtOnce = 500;

    private readonly Channel<SqliteChange> waiting = Channel.CreateUnbounded<SqliteChange>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SqliteConnection connection;
    private readonly SqliteCommand insert;
    private readonly SqliteCommand update;
    private readonly SqliteCommand delete;
    private readonly Task writing;

    public SqliteWriter(SqliteConnection connection)
    {
        this.connection = connection;
        insert = Command("INSERT INTO grains (grain, name, version, format, writer, bytes) VALUES ($grain, $name, $version, $format, $writer, $bytes) ON CONFLICT DO NOTHING");
        update = Command("UPDATE grains SET version = $version, format = $format, writer = $writer, bytes = $bytes WHERE grain = $grain AND name = $name AND version = $before");
        delete = Command("DELETE FROM grains WHERE grain = $grain AND name = $name AND version = $before");

        // Commits wait for the disk, so they run on a thread of their own and do not block a thread of the grains.
        writing = Task.Factory.StartNew(WriteAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    /// <summary>Makes a change. The outcome is in <see cref="SqliteChange.Row"/> and <see cref="SqliteChange.Conflicts"/>.</summary>
    /// <exception cref="IOException">The change could not be written.</exception>
    public Task WriteAsync(SqliteChange change) =>
        waiting.Writer.TryWrite(change) ? change.Done.Task : throw new IOException("The store is closed.");

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await writing;
        connection.Dispose();
    }

    public void Dispose()
    {
        waiting.Writer.TryComplete();
        writing.Wait();
        connection.Dispose();
    }

    private async Task WriteAsync()
    {
        var changes = new List<SqliteChange>(ChangesAtOnce);
        while (await waiting.Reader.WaitToReadAsync())
        {
            changes.Clear();
            while (changes.Count < ChangesAtOnce && waiting.Reader.TryRead(out var change))
            {
                changes.Add(change);
            }

            if (!TryCommit(changes, out _))
            {
                // One change may have failed the whole transaction. Write each alone, so that the others are stored.
                foreach (var change in changes)
                {
                    if (!TryCommit([change], out var reason))
                    {
                        change.Done.SetException(new IOException($"The state could not be stored: {reason}"));
                    }
                }
            }
        }
    }

    private bool TryCommit(IReadOnlyList<SqliteChange> changes, out string? reason)
    {
        try
        {
            using var transaction = connection.BeginTransaction();
            foreach (var change in changes)
            {
                Apply(change, transaction);
            }

            transaction.Commit();
        }
        catch (Exception e)
        {
            reason = e.Message;
            return false;
        }

        foreach (var change in changes)
        {
            change.Done.SetResult();
        }

        reason = null;
        return true;
    }

    private void Apply(SqliteChange change, SqliteTransaction transaction)
    {
        var command = change switch { { Value: null } => delete, { ETag: null } => insert, _ => update };
        var version = Random.Shared.NextInt64(1, long.MaxValue);
        command.Transaction = transaction;
        foreach (SqliteParameter parameter in command.Parameters)
        {
            parameter.Value = parameter.ParameterName switch
            {
                "$grain" => change.Grain,
                "$name" => change.Name,
                "$before" => change.ETag is null ? DBNull.Value : long.Parse(change.ETag, CultureInfo.InvariantCulture),
                "$version" => version,
                "$format" => change.Value!.Format,
                "$writer" => change.Value!.Writer,
                _ => (object?)change.Value!.Bytes ?? DBNull.Value,
            };
        }

        var changed = command.ExecuteNonQuery() == 1;
        (change.Row, change.Conflicts) = change.Value is { } value
            ? (changed ? new SqliteRow(version, value) : null, !changed)
            : (null, !changed && change.ETag is not null);
    }

    private SqliteCommand Command(string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in sql.Split(' ', ',', '(', ')').Where(word => word.StartsWith('$')).Distinct())
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        return command;
    }
}
