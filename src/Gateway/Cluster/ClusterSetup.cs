using Counter.Counting.Cluster;
using Counter.Gateway.Operations;
using Counter.Gateway.Settings;
using Counter.Grains.Client;
using Counter.Grains.Hosting;
using Counter.Grains.Local;
using Orleans.Storage;

namespace Counter.Gateway.Cluster;

/// <summary>Connects the gateway to the grains that count its viewers, in other processes or in its own silo.</summary>
internal static class ClusterSetup
{
    /// <summary>Adds the cluster, and the services that report to it.</summary>
    /// <exception cref="SettingException">A setting has a value that is not allowed.</exception>
    public static void AddCluster(this WebApplicationBuilder builder)
    {
        var data = builder.Services.AddSettings<DataOptions>(builder.Configuration, "Data");
        var settings = ClusterSettings.Read(builder.Services, builder.Configuration);

        // When silos do not answer, one line says so. Orleans would log it many times.
        builder.Logging.AddFilter("Orleans", LogLevel.None);
        builder.Logging.AddFilter("Polly", LogLevel.None);
        builder.Logging.AddFilter("Counter.Grains.Gateways", LogLevel.Warning);
        builder.Logging.AddFilter("Counter.Grains.SiloService", LogLevel.Warning);
        if (settings.IsLocal)
        {
            builder.Services.AddSingleton<IGrainStorage>(services => new SqliteStorage(data.Directory, services.GetRequiredService<ILogger<SqliteStorage>>()));
        }

        // It starts first and stops last, because other services use it.
        builder.Services.AddHosted(services => new OrleansConnection(
            settings, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>(), services.GetService<IGrainStorage>()));
        builder.Services.AddSingleton<ICluster>(services =>
        {
            var connection = services.GetRequiredService<OrleansConnection>();
            return new OrleansCluster(
                () => connection.Client,
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<OrleansCluster>>());
        });
        builder.Services.AddSingleton<GatewayIdentity>();
        builder.Services.AddHosted<ClusterSecret>();
        builder.Services.AddSingleton<ClusterEvents>();
        builder.Services.AddSingleton<PresenceClient>();
        builder.Services.AddHosted<GatewayHeartbeat>();
    }
}
