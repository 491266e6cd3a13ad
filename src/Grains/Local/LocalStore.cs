using Counter.Grains.Changes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Counter.Grains.Local;

/// <summary>One silo in the process of the only gateway: no port, no polling, and everything in one file.</summary>
internal static class LocalStore
{
    /// <summary>Lets a silo use it.</summary>
    public static void Use(ISiloBuilder silo, IGrainStorage storage)
    {
        silo.UseLocalhostClustering();
        NoListener.Use(silo.Services);
        silo.Services.AddSingleton<IInboxTransport, LocalInboxes>();
        silo.Services.AddKeyedSingleton(CountingOptions.Storage, storage);
    }
}
