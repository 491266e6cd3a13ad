using Counter.Counting.Cluster;
using Counter.Gateway.Settings;
using Counter.Gateway.Streaming;
using Counter.Grains.Engine;
using Counter.Grains.Hosting;
using Counter.Grains.Local;
using Microsoft.Extensions.Options;
using Orleans.Storage;

namespace Counter.Gateway.Cluster;

/// <summary>The Orleans engine: the gateway is a client of silos, or runs one itself.</summary>
internal static class OrleansSetup
{
    /// <summary>Adds the engine.</summary>
    /// <exception cref="SettingException">A setting has a value that is not allowed.</exception>
    public static void AddOrleans(this WebApplicationBuilder builder, DataOptions data)
    {
        var settings = builder.Services.AddSettings<OrleansSettings>(builder.Configuration, "Orleans");
        if (settings.Problem() is { } problem)
        {
            throw new SettingException(problem);
        }

        // The engine says in one line that the silos do not answer; Orleans would say so many times over.
        builder.Logging.AddFilter("Orleans", LogLevel.None);
        builder.Logging.AddFilter("Polly", LogLevel.None);
        builder.Logging.AddFilter("Counter.Grains.Gateways", LogLevel.Warning);
        if (settings.Store == OrleansSettings.Local)
        {
            settings.SaveSeconds = data.SaveSeconds;
            builder.Services.AddSingleton<IGrainStorage>(services => new SqliteStorage(data.Directory, services.GetRequiredService<ILogger<SqliteStorage>>()));
        }

        builder.Services.AddSingleton(services => new OrleansConnection(
            settings, services.GetRequiredService<ILoggerFactory>(), services.GetService<IGrainStorage>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<OrleansConnection>());
        builder.Services.AddSingleton<ICluster>(services =>
        {
            var limits = services.GetRequiredService<IOptions<LimitsOptions>>().Value;
            var connection = services.GetRequiredService<OrleansConnection>();
            return new OrleansCluster(
                () => connection.Client,
                new OrleansOptions { MaxPagesPerSite = limits.PagesPerSite, MaxSites = limits.Sites },
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<OrleansCluster>>());
        });
    }
}
