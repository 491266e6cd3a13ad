using Counter.Counting.Cluster;
using Counter.Gateway.Operations;
using Counter.Gateway.Settings;
using Counter.Grains.Client;
using Counter.Grains.Hosting;
using Counter.Grains.Local;
using Orleans.Storage;

namespace Counter.Gateway.Cluster;

/// <summary>Where the gateway's viewers are counted: by grains, in silos elsewhere or in one of its own.</summary>
internal static class ClusterSetup
{
    /// <summary>Adds the cluster, and what reports to it.</summary>
    /// <exception cref="SettingException">A setting has a value that is not allowed.</exception>
    public static void AddCluster(this WebApplicationBuilder builder)
    {
        var data = builder.Services.AddSettings<DataOptions>(builder.Configuration, "Data");
        var settings = ClusterSettings.Read(builder.Services, builder.Configuration);

        // That silos do not answer is said in one line; Orleans would say so many times over.
        builder.Logging.AddFilter("Orleans", LogLevel.None);
        builder.Logging.AddFilter("Polly", LogLevel.None);
        builder.Logging.AddFilter("Counter.Grains.Gateways", LogLevel.Warning);
        builder.Logging.AddFilter("Counter.Grains.SiloService", LogLevel.Warning);
        if (settings.IsLocal)
        {
            builder.Services.AddSingleton<IGrainStorage>(services => new SqliteStorage(data.Directory, services.GetRequiredService<ILogger<SqliteStorage>>()));
        }

        // The first to start and the last to stop: the others ask it.
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
