using System.Reflection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Counter.Postgres;

/// <summary>The schema could not be brought up to date, or the database not be reached for it.</summary>
internal sealed class SchemaException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>Brings the tables and functions up to date: the numbered files in <c>Schema/</c> that the database has not seen yet.</summary>
/// <remarks>
/// A file that was released never changes; what changes is a new file. Gateways of the version before go on during an upgrade, so a
/// new file leaves what they call as it is.
/// </remarks>
internal static partial class Schema
{
    private const int OldestServer = 15;

    // Any number that nobody else locks by. Gateways that start together wait for the first of them.
    private const long Turn = 0x436f756e746572;

    private const string Ground = """
        CREATE SCHEMA IF NOT EXISTS counter;
        CREATE TABLE IF NOT EXISTS counter.migrations (number int PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
        """;

    /// <exception cref="NpgsqlException">The database does not answer, or does not allow it.</exception>
    /// <exception cref="SchemaException">The server is too old or its text is not Unicode.</exception>
    public static async Task MigrateAsync(NpgsqlDataSource source, ILogger log, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        if (connection.PostgreSqlVersion.Major < OldestServer)
        {
            throw new SchemaException($"It is PostgreSQL {connection.PostgreSqlVersion}; Counter needs {OldestServer} or later.");
        }

        if (await AskAsync<string>("SHOW server_encoding") is not "UTF8" and var encoding)
        {
            throw new SchemaException($"Its encoding is {encoding}; make a database with UTF8.");
        }

        if (await AskAsync<bool>("SELECT to_regclass('counter.migrations') IS NOT NULL") && (await MissingAsync()).Count == 0)
        {
            return;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await DoAsync($"SELECT pg_advisory_xact_lock({Turn})");
        await DoAsync(Ground);
        var missing = await MissingAsync();
        foreach (var (number, name) in missing)
        {
            await DoAsync(Read(name));
            await DoAsync($"INSERT INTO counter.migrations (number, name) VALUES ({number}, '{name}')");
        }

        await transaction.CommitAsync(cancellationToken);
        LogMigrated(log, missing.Count);

        async Task<List<(int Number, string Name)>> MissingAsync()
        {
            var applied = await AskAsync<int[]>("SELECT ARRAY(SELECT number FROM counter.migrations)");
            return [.. Files().Where(file => !applied.Contains(file.Number))];
        }

        async Task<T> AskAsync<T>(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
        }

        async Task DoAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 60 };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static IEnumerable<(int Number, string Name)> Files() => Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        .Select(name => (int.Parse(name[..3], System.Globalization.CultureInfo.InvariantCulture), name));

    private static string Read(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The database was brought up to date ({Count} steps).")]
    private static partial void LogMigrated(ILogger log, int count);
}
