using Counter.Grains.Local;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Storage;

namespace Counter.Grains.Hosting;

/// <summary>Configures silos and clients for the store in the settings.</summary>
internal static partial class Stores
{
    // How often a client reads the list of silos again. This way it finds new silos and drops one that hangs.
    private static readonly TimeSpan ListRefresh = TimeSpan.FromSeconds(3);

    // A killed silo refuses connections at once, and the other silos declare a hung silo dead within this time. A message that activates many
    // grains needs part of it.
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(10);

    // How often silos publish that they are alive. A silo that starts waits for every other one that looks alive: after all were killed at once,
    // for three times this.
    private static readonly TimeSpan Alive = TimeSpan.FromSeconds(5);

    // A silo that hung reads in the table that the others have declared it dead, and ends.
    private static readonly TimeSpan TableRefresh = TimeSpan.FromSeconds(10);

    /// <summary>Configures a silo of its own process.</summary>
    public static void AddCounter(this ISiloBuilder silo, ClusterSettings settings)
    {
        silo.AddCounting(new CountingOptions { SaveInterval = settings.SaveInterval });
        Trace(silo, settings);
        silo.AddInboxStreams();
        if (settings.Store == ClusterSettings.Postgres)
        {
            PostgresStore.Use(silo, settings.ConnectionString);
        }
        else
        {
            AzureStore.Use(silo, settings);
        }

        ConfigureMembership(silo);
        settings.Tls?.Use(silo);
        silo.ConfigureEndpoints(settings.Advertised(), settings.SiloPort, settings.GatewayPort, listenOnAnyHostAddress: true);
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (settings.ClusterId, settings.ServiceId));
    }

    /// <summary>Configures the silo in the process of the only gateway.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="storage">The grain storage.</param>
    /// <param name="clock">The gateway's time.</param>
    public static void AddLocalCounter(this ISiloBuilder silo, ClusterSettings settings, IGrainStorage storage, TimeProvider clock)
    {
        silo.AddCounting(new CountingOptions
        {
            SaveInterval = settings.SaveInterval,
            AskInterval = TimeSpan.MaxValue,
            Clock = clock,
            Timers = clock,
        });
        Trace(silo, settings);
        LocalStore.Use(silo, storage);
    }

    /// <summary>Configures the client of a gateway.</summary>
    public static void AddCounter(this IClientBuilder client, ClusterSettings settings)
    {
        client.AddInboxStreams();
        if (settings.IsTraced)
        {
            client.AddActivityPropagation();
        }

        if (settings.Store == ClusterSettings.Postgres)
        {
            PostgresStore.Use(client, settings.ConnectionString);
        }
        else
        {
            AzureStore.Use(client, settings);
        }

        settings.Tls?.Use(client);
        client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (settings.ClusterId, settings.ServiceId));
        client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = ListRefresh);
        client.Configure<ClientMessagingOptions>(messages => messages.ResponseTimeout = Answer);
        client.Services.AddSingleton<IClientConnectionRetryFilter, RetryForEver>();
    }

    // Without a collector, calls skip the lookup of a trace context.
    private static void Trace(ISiloBuilder silo, ClusterSettings settings)
    {
        if (settings.IsTraced)
        {
            silo.AddActivityPropagation();
        }
    }

    /// <summary>Sets the timing of cluster membership and the grain directory.</summary>
    private static void ConfigureMembership(ISiloBuilder silo)
    {
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            (membership.IAmAliveTablePublishTimeout, membership.TableRefreshTimeout) = (Alive, TableRefresh);

            // The eviction compares the clocks of two machines. A silo whose clock is too far behind could never join.
            membership.EvictWhenMaxJoinAttemptTimeExceeded = false;
        });

        // The default directory loses or duplicates grains when silos are killed.
#pragma warning disable ORLEANSEXP003 // The API is experimental.
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003

        // By default the grains of a killed silo are not activated elsewhere for half a minute. The lease is not needed here: StoreWriter
        // rejects what a silo that was declared dead still tries to store.
        silo.Configure<GrainDirectoryOptions>(directory => directory.RangeLeaseDuration = TimeSpan.Zero);
    }

    /// <summary>Retries the first connection until the client is stopped: after 100 ms at first, then after longer delays of up to 5 s.</summary>
    private sealed partial class RetryForEver(ILogger<RetryForEver> log) : IClientConnectionRetryFilter
    {
        private const int LongestMilliseconds = 5000;

        private int attempts;

        public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
        {
            if (attempts == 0)
            {
                LogUnreachable(exception.GetBaseException().Message);
            }

            await Task.Delay(Math.Min(100 << Math.Min(attempts++, 10), LongestMilliseconds), cancellationToken);
            return true;
        }

        [LoggerMessage(Level = LogLevel.Warning, Message = "No silo can be reached ({Reason}); trying again.")]
        private partial void LogUnreachable(string reason);
    }
}
