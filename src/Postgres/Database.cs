using System.Net.Sockets;
using Counter.Counting.Cluster;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Counter.Postgres;

/// <summary>
/// The connections to the database, a bounded number of them; some are only for what keeps the numbers right. The schema is brought up
/// to date before the first is used. Says in one line when the database is lost and when it answers again.
/// </summary>
internal sealed partial class Database : IAsyncDisposable
{
    private const int Connections = 16;

    // One report and one renewal at a time, and who gives up others.
    private const int CountingConnections = 3;
    private const int TimeoutSeconds = 5;
    private const int Attempts = 3;

    // Whoever asks meanwhile is told at once: a database that is away must not hold up everybody one after the other.
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(500);

    private readonly NpgsqlDataSource source;
    private readonly NpgsqlDataSource counting;
    private readonly NpgsqlDataSource alone;
    private readonly string place;
    private readonly ILogger log;
    private readonly SemaphoreSlim preparing = new(1);
    private volatile bool ready;
    private int away;
    private long answeredAt;
    private long failedAt;
    private SchemaException? failure;

    /// <exception cref="ArgumentException">The connection string cannot be understood.</exception>
    public Database(string connectionString, ILogger log)
    {
        this.log = log;
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = given.ApplicationName ?? "counter",
            MaxPoolSize = given.ShouldSerialize("Maximum Pool Size") ? given.MaxPoolSize : Connections,
            Timeout = given.ShouldSerialize("Timeout") ? given.Timeout : TimeoutSeconds,
            CommandTimeout = given.ShouldSerialize("Command Timeout") ? given.CommandTimeout : TimeoutSeconds,
            MaxAutoPrepare = 20,

            // Every statement stands for itself and leaves nothing behind; who listens has a connection that nobody else gets.
            NoResetOnClose = true,
            IncludeErrorDetail = false,

            // What a crash of the database loses of the last moments, gateways report again. Planning anew takes longer than what is
            // planned: with plans that are kept a report costs half.
            Options = given.Options + " -c synchronous_commit=off -c plan_cache_mode=force_generic_plan -c jit=off",
        };
        place = settings.Host + (settings.Host?.StartsWith('/') is true ? "" : ":" + settings.Port) + "/" + settings.Database;
        source = NpgsqlDataSource.Create(settings);
        KeepThreads(settings.MaxPoolSize + CountingConnections);
        settings.MaxPoolSize = CountingConnections;
        settings.MinPoolSize = Math.Min(settings.MinPoolSize, CountingConnections);
        counting = NpgsqlDataSource.Create(settings);
        settings.Pooling = false;
        alone = NpgsqlDataSource.Create(settings);
    }

    /// <summary>A connection of the caller's own.</summary>
    /// <exception cref="ClusterUnavailableException">The database does not answer.</exception>
    public Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) =>
        GuardAsync(async () => await alone.OpenConnectionAsync(cancellationToken), cancellationToken);

    /// <summary>Asks something that is one statement, and reads the answer row by row.</summary>
    /// <exception cref="ClusterUnavailableException">The database does not answer.</exception>
    public Task<List<T>> QueryAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object?[] values) =>
        TryAsync(source, sql, read, values, cancellationToken);

    /// <summary>Asks something that is answered with one value; default when it is null.</summary>
    /// <exception cref="ClusterUnavailableException">The database does not answer.</exception>
    public async Task<T?> AskAsync<T>(string sql, CancellationToken cancellationToken, params object?[] values) =>
        (await QueryAsync(sql, ReadValue<T>, cancellationToken, values)).FirstOrDefault();

    /// <summary>
    /// Says something that the numbers depend on, and reads the answer row by row. It has connections of its own: a lease ends while a
    /// renewal waits until somebody's list is made.
    /// </summary>
    /// <exception cref="ClusterUnavailableException">The database does not answer.</exception>
    public Task<List<T>> CountAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object?[] values) =>
        TryAsync(counting, sql, read, values, cancellationToken);

    /// <summary>The same, for what is answered with one value; default when it is null.</summary>
    /// <exception cref="ClusterUnavailableException">The database does not answer.</exception>
    public async Task<T?> CountAsync<T>(string sql, CancellationToken cancellationToken, params object?[] values) =>
        (await CountAsync(sql, ReadValue<T>, cancellationToken, values)).FirstOrDefault();

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        await counting.DisposeAsync();
        await alone.DisposeAsync();
        preparing.Dispose();
    }

    /// <summary>Has a thread more for each connection, made when there is work for it.</summary>
    /// <remarks>
    /// Npgsql tells the server of a command that took too long over another connection, and waits on the thread that found out
    /// (PerformPostgresCancellation). Of a silent database all take too long at once: with few threads no stream would go on for seconds.
    /// </remarks>
    private static void KeepThreads(int connections)
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + connections), completions);
    }

    private static T? ReadValue<T>(NpgsqlDataReader row) => row.IsDBNull(0) ? default : row.GetFieldValue<T>(0);

    private Task<List<T>> TryAsync<T>(
        NpgsqlDataSource connections, string sql, Func<NpgsqlDataReader, T> read, object?[] values, CancellationToken cancellationToken) => GuardAsync(
        async () =>
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await ReadAsync(connections, sql, read, values, cancellationToken);
                }
                catch (PostgresException e) when (
                    e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure && attempt < Attempts)
                {
                    // Locks are taken in one order, so a deadlock is not expected; what was not done is simply done again.
                }
            }
        },
        cancellationToken);

    private static async Task<List<T>> ReadAsync<T>(
        NpgsqlDataSource connections, string sql, Func<NpgsqlDataReader, T> read, object?[] values, CancellationToken cancellationToken)
    {
        await using var command = connections.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        try
        {
            await PrepareAsync(cancellationToken);
            var result = await action();
            Volatile.Write(ref answeredAt, TimeProvider.System.GetTimestamp());
            if (Interlocked.Exchange(ref away, 0) == 1)
            {
                LogBack(place);
            }

            return result;
        }
        catch (Exception e) when (IsAway(e))
        {
            // Whoever gives up waiting just when it fails is told so and nothing else: that is what they expect.
            cancellationToken.ThrowIfCancellationRequested();

            // What was asked before the last answer came says nothing new.
            if (began > Volatile.Read(ref answeredAt) && Interlocked.Exchange(ref away, 1) == 0)
            {
                LogAway(place, (e.GetBaseException() as SocketException ?? e).Message.TrimEnd('.'));

                // The other connections are no better; each would fail once more.
                source.Clear();
                counting.Clear();
            }

            throw new ClusterUnavailableException($"The database {place} does not answer.", e);
        }
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (ready)
        {
            return;
        }

        await preparing.WaitAsync(cancellationToken);
        try
        {
            if (ready)
            {
                return;
            }

            if (failure is null || TimeProvider.System.GetElapsedTime(failedAt) >= BetweenAttempts)
            {
                await TryMigrateAsync(cancellationToken);
            }

            if (failure is not null)
            {
                throw failure;
            }

            ready = true;
        }
        finally
        {
            preparing.Release();
        }
    }

    private async Task TryMigrateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Schema.MigrateAsync(source, log, cancellationToken);
            failure = null;
        }
        catch (Exception e) when (e is NpgsqlException or SchemaException && !cancellationToken.IsCancellationRequested)
        {
            (failure, failedAt) = (e as SchemaException ?? new SchemaException(e.Message, e), TimeProvider.System.GetTimestamp());
        }
    }

    /// <summary>Whether the database, and not what it was asked, is to blame.</summary>
    private static bool IsAway(Exception exception) => exception switch
    {
        SchemaException or TimeoutException => true,
        PostgresException e => e.IsTransient || e.SqlState[..2] is "08" or "28" or "3D" or "53" or "57" or "58",
        NpgsqlException => true,
        _ => false,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database {Place} does not answer ({Reason}). Streams go on with the last numbers; trying again.")]
    private partial void LogAway(string place, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The database {Place} answers.")]
    private partial void LogBack(string place);
}
