using Counter.Counting.Cluster;
using Counter.Grains;
using Counter.Grains.Client;
using Counter.Grains.Local;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Counter.Gateway.Tests.Support;

/// <summary>A silo in this process with its own data directory, for tests with several gateways or none.</summary>
public sealed class LocalCluster : IAsyncDisposable
{
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("counter-cluster-");
    private readonly SqliteStorage storage;
    private readonly IHost host;
    private readonly Func<ICluster> connect;

    private LocalCluster(TimeProvider clock, TimeSpan lease, bool traced)
    {
        storage = new SqliteStorage(data.FullName, NullLogger<SqliteStorage>.Instance);
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleans(silo =>
        {
            silo.AddCounting(new CountingOptions { LeaseDuration = lease, AskInterval = TimeSpan.MaxValue, Clock = clock, Timers = clock });
            LocalStore.Use(silo, storage);
            if (traced)
            {
                silo.AddActivityPropagation();
            }
        });
        host = builder.Build();
        connect = () => new OrleansCluster(
            host.Services.GetRequiredService<IClusterClient>, clock, NullLogger<OrleansCluster>.Instance);
        Cluster = connect();
    }

    /// <summary>The cluster, as a gateway calls it.</summary>
    public ICluster Cluster { get; }

    /// <summary>Calls grains directly.</summary>
    internal IGrainFactory Grains => host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>The cluster for another gateway. Each gateway has its own subscription.</summary>
    public ICluster Connect() => connect();

    /// <summary>Starts a cluster.</summary>
    /// <param name="clock">The clock, which a test may move.</param>
    /// <param name="lease">The duration of a gateway's lease; null for the default.</param>
    /// <param name="traced">Whether grain calls continue the traces of their callers.</param>
    public static async Task<LocalCluster> StartAsync(TimeProvider clock, TimeSpan? lease = null, bool traced = false)
    {
        var cluster = new LocalCluster(clock, lease ?? new CountingOptions().LeaseDuration, traced);
        await cluster.host.StartAsync();
        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        await storage.DisposeAsync();
        data.Delete(recursive: true);
    }
}
