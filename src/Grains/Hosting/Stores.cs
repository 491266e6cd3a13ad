using Counter.Grains.Local;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Storage;

namespace Counter.Grains.Hosting;

/// <summary>Lets silos and clients use the store that the settings name.</summary>
internal static class Stores
{
    // The clusters' own list is read again this often, so that a client finds a silo that came later.
    private static readonly TimeSpan ListRefresh = TimeSpan.FromSeconds(10);

    // A silo that was killed refuses at once, and one that stands still is given up by the others within this. A message that many grains
    // have to be activated for takes some of it.
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(10);

    /// <summary>Makes a silo of these settings.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="local">What grains keep things in with <see cref="OrleansSettings.Local"/>.</param>
    public static void AddCounter(this ISiloBuilder silo, OrleansSettings settings, IGrainStorage? local = null)
    {
        silo.AddCounting(settings.Counting);
        if (settings.Store != OrleansSettings.Local)
        {
            silo.AddInboxStreams();
        }

        switch (settings.Store)
        {
            case OrleansSettings.Postgres:
                PostgresStore.Use(silo, settings.ConnectionString);
                break;
            case OrleansSettings.AzureStorage:
                AzureStore.Use(silo, settings);
                break;
            case OrleansSettings.Local:
                LocalStore.Use(silo, local!);
                break;
            default:
                silo.UseLocalhostClustering(settings.SiloPort, settings.GatewayPort, serviceId: settings.ServiceId, clusterId: settings.ClusterId);
                silo.AddMemoryGrainStorage(CountingOptions.Storage);
                break;
        }

        if (settings.Store is OrleansSettings.Postgres or OrleansSettings.AzureStorage)
        {
            silo.ConfigureEndpoints(settings.Advertised(), settings.SiloPort, settings.GatewayPort, listenOnAnyHostAddress: true);
        }

        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (settings.ClusterId, settings.ServiceId));
    }

    /// <summary>Makes a client of these settings.</summary>
    public static void AddCounter(this IClientBuilder client, OrleansSettings settings)
    {
        client.AddInboxStreams();
        switch (settings.Store)
        {
            case OrleansSettings.Postgres:
                PostgresStore.Use(client, settings.ConnectionString);
                break;
            case OrleansSettings.AzureStorage:
                AzureStore.Use(client, settings);
                break;
            default:
                client.UseLocalhostClustering(settings.GatewayPort, settings.ServiceId, settings.ClusterId);
                break;
        }

        client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (settings.ClusterId, settings.ServiceId));
        client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = ListRefresh);
        client.Configure<ClientMessagingOptions>(messages => messages.ResponseTimeout = Answer);
        client.Services.AddSingleton<IClientConnectionRetryFilter, RetryForEver>();
    }

    /// <summary>A client that finds no silo tries again, at first soon and then every 5 s, until it is stopped.</summary>
    private sealed class RetryForEver : IClientConnectionRetryFilter
    {
        private const int LongestMilliseconds = 5000;

        private int attempts;

        public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
        {
            await Task.Delay(Math.Min(100 << Math.Min(attempts++, 10), LongestMilliseconds), cancellationToken);
            return true;
        }
    }
}
