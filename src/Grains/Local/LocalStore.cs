using Counter.Grains.Changes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Storage;

namespace Counter.Grains.Local;

/// <summary>One silo in the process of the only gateway: no port, no polling, and everything in one file.</summary>
internal static class LocalStore
{
    // There is one silo, which knows where its grains are: what the cache would keep is memory for nothing.
    private const int DirectoryCache = 1000;

    // Silos tell each other how busy they are.
    private static readonly TimeSpan LoadReports = TimeSpan.FromHours(1);

    /// <summary>Makes a silo that keeps things in a storage.</summary>
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
