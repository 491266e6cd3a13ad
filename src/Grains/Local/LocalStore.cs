using Counter.Grains.Changes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Storage;

namespace Counter.Grains.Local;

/// <summary>The silo in the process of the only gateway: no port, no polling, one file for all states.</summary>
internal static class LocalStore
{
    // The only silo has the whole grain directory, so a large cache of it would waste memory.
    private const int DirectoryCache = 1000;

    // Load reports are for other silos, and there are none.
    private static readonly TimeSpan LoadReports = TimeSpan.FromHours(1);

    /// <summary>Configures a silo that keeps its states in a storage.</summary>
    public static void Use(ISiloBuilder silo, IGrainStorage storage)
    {
        silo.UseLocalhostClustering();
        NoListener.Use(silo.Services);
        silo.Services.AddSingleton<IChangeTransport, LocalReceivers>();
        silo.Services.AddKeyedSingleton(CountingOptions.Storage, storage);
        silo.Configure<GrainDirectoryOptions>(directory => directory.CacheSize = DirectoryCache);
        silo.Configure<DeploymentLoadPublisherOptions>(load => load.DeploymentLoadPublisherRefreshTime = LoadReports);
    }
}
