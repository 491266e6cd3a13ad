using Npgsql;

namespace Counter.Grains.Hosting;

/// <summary>
/// A PostgreSQL database: Orleans reads and writes it by queries that it finds in a table there. The tables and the queries are our
/// own (<c>Postgres.sql</c>), in the schema <c>counter_silos</c>, and the silos make them.
/// </summary>
internal static class PostgresStore
{
    private const string Invariant = "Npgsql";
    private const string Schema = "counter_silos";

    // Any number that nobody else is likely to lock with.
    private const long Lock = 0x436f756e_53696c6f;

    /// <summary>Whether a connection string can be understood.</summary>
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

    /// <summary>Lets a silo use it.</summary>
    public static void Use(ISiloBuilder silo, string connectionString)
    {
        silo.UseAdoNetClustering(ado => (ado.Invariant, ado.ConnectionString) = (Invariant, Own(connectionString)));
        silo.AddAdoNetGrainStorage(CountingOptions.Storage, ado =>
        {
            (ado.Invariant, ado.ConnectionString, ado.DeleteStateOnClear) = (Invariant, Own(connectionString), true);
        });
    }

    /// <summary>Lets a client find silos with it.</summary>
    public static void Use(IClientBuilder client, string connectionString) =>
        client.UseAdoNetClustering(ado => (ado.Invariant, ado.ConnectionString) = (Invariant, Own(connectionString)));

    /// <summary>Makes the tables, unless they are there. Silos that start together do so one after the other.</summary>
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
            // The parameters in the script are those of the queries that it stores.
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static string Own(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = Schema, ApplicationName = "counter silo" }.ConnectionString;
}
