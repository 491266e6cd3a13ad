using Npgsql;

namespace Counter.Grains.Hosting;

/// <summary>
/// A PostgreSQL database. Orleans reads its queries from a table of the database. The silos create the tables and the queries from
/// <c>Postgres.sql</c>, in the schema <c>counter_silos</c>.
/// </summary>
internal static class PostgresStore
{
    private const string Invariant = "Npgsql";
    private const string Schema = "counter_silos";

    // An arbitrary number that other applications are unlikely to use for an advisory lock.
    private const long Lock = 0x436f756e_53696c6f;

    /// <summary>Whether a connection string is valid.</summary>
    public static bool Understands(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString).Host is { Length: > 0 };
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Makes a silo use the database for membership and storage.</summary>
    public static void Use(ISiloBuilder silo, string connectionString)
    {
        silo.UseAdoNetClustering(ado => (ado.Invariant, ado.ConnectionString) = (Invariant, Own(connectionString)));
        silo.AddAdoNetGrainStorage(CountingOptions.Storage, ado =>
        {
            (ado.Invariant, ado.ConnectionString, ado.DeleteStateOnClear) = (Invariant, Own(connectionString), true);
        });
    }

    /// <summary>Makes a client find silos through the database.</summary>
    public static void Use(IClientBuilder client, string connectionString) =>
        client.UseAdoNetClustering(ado => (ado.Invariant, ado.ConnectionString) = (Invariant, Own(connectionString)));

    /// <summary>Creates missing tables. A lock makes silos that start together take turns.</summary>
    public static async Task PrepareAsync(string connectionString, CancellationToken cancellationToken)
    {
        using var script = new StreamReader(typeof(PostgresStore).Assembly.GetManifestResourceStream("Postgres.sql")!);
        var text = await script.ReadToEndAsync(cancellationToken);
        await using var connection = new NpgsqlConnection(Own(connectionString));
        await connection.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await DoAsync($"SELECT pg_advisory_xact_lock({Lock})");
        await DoAsync($"CREATE SCHEMA IF NOT EXISTS {Schema}");
        await DoAsync(text);
        await transaction.CommitAsync(cancellationToken);

        async Task DoAsync(string sql)
        {
            // The command has no parameters: the parameters in the script belong to the queries that it stores.
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static string Own(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = Schema, ApplicationName = "counter silo" }.ConnectionString;
}
