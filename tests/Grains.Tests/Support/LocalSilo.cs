using Counter.Gateway.Tests.Support;
using Counter.Grains.Client;
using Counter.Grains.Gateways;
using Counter.Grains.Hosting;
using Counter.Grains.Local;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Counter.Grains.Tests.Support;

/// <summary>The silo that a gateway has in its process, as the settings make it, with a clock that the test moves.</summary>
internal sealed class LocalSilo : IAsyncDisposable
{
    private readonly SqliteStorage storage;
    private readonly ILoggerFactory logs;
    private readonly OrleansConnection connection;

    private LocalSilo(string directory, TimeProvider clock)
    {
        File = Path.Combine(directory, "counter.db");
        storage = new SqliteStorage(directory, NullLogger<SqliteStorage>.Instance);
        logs = LoggerFactory.Create(logging => logging.AddProvider(Log).AddFilter("Orleans", LogLevel.None));
        connection = new OrleansConnection(new ClusterSettings(), clock, logs, storage);
        Cluster = new OrleansCluster(() => connection.Client, clock, NullLogger<OrleansCluster>.Instance);
    }

    /// <summary>What an operator reads.</summary>
    public LogRecorder Log { get; } = new();

    /// <summary>The cluster as the gateway has it.</summary>
    public OrleansCluster Cluster { get; }

    /// <summary>Whether something could not be stored.</summary>
    public bool IsFailing => connection.IsStoreFailing;

    private string File { get; }

    /// <summary>Starts one that keeps things in a directory.</summary>
    public static async Task<LocalSilo> StartAsync(string directory, TimeProvider clock)
    {
        var silo = new LocalSilo(directory, clock);
        await silo.connection.StartAsync(CancellationToken.None);
        return silo;
    }

    /// <summary>Has the silo look after its pages now, and waits until it has.</summary>
    public Task RefreshSilosAsync() => connection.Client!.GetGrain<IGatewayRegistryGrain>(0).RefreshSilosAsync();

    /// <summary>The versions of what is stored, by grain.</summary>
    public IReadOnlyDictionary<string, long> Stored(string name) => Read("grain", "name", name);

    /// <summary>The versions of what a grain stored, by the names of its states.</summary>
    public IReadOnlyDictionary<string, long> StoredOf(string grain) => Read("name", "grain", grain);

    /// <summary>Copies the files as a kill at this moment would leave them.</summary>
    public void CopyTo(string directory)
    {
        foreach (var file in new[] { File, File + "-wal" })
        {
            System.IO.File.Copy(file, Path.Combine(directory, Path.GetFileName(file)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await connection.StopAsync(CancellationToken.None);
        connection.Dispose();
        logs.Dispose();
        await storage.DisposeAsync();
    }

    private Dictionary<string, long> Read(string key, string filter, string value)
    {
        using var connection = new SqliteConnection($"Data Source={File};Mode=ReadOnly;Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {key}, version FROM grains WHERE {filter} = $value";
        command.Parameters.AddWithValue("$value", value);
        using var rows = command.ExecuteReader();
        var stored = new Dictionary<string, long>();
        while (rows.Read())
        {
            stored[rows.GetString(0)] = rows.GetInt64(1);
        }

        return stored;
    }
}
