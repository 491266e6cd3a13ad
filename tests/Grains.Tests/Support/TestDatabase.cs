using Npgsql;
using Xunit;

namespace Counter.Grains.Tests.Support;

/// <summary>A database of a test class's own.</summary>
public sealed class TestDatabase(Server server) : IAsyncLifetime
{
    private static int made;

    private readonly string name = $"test_{Interlocked.Increment(ref made)}";

    /// <summary>Why there is none; null when there is.</summary>
    public string? Problem => server.Problem;

    public Server Server => server;

    public string ConnectionString => server.ConnectionString(name);

    public async ValueTask InitializeAsync()
    {
        if (await server.TryStartAsync())
        {
            await DoAsync("postgres", $"CREATE DATABASE {name}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        NpgsqlConnection.ClearAllPools();
        if (Problem is null)
        {
            await DoAsync("postgres", $"DROP DATABASE {name} WITH (FORCE)");
        }
    }

    /// <summary>Runs a statement on a connection of its own.</summary>
    public Task DoAsync(string sql) => DoAsync(name, sql);

    /// <summary>Asks something that is answered with one value.</summary>
    public async Task<T> AskAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private async Task DoAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
