using Counter.Grains.Local;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Storage;

namespace Counter.Grains.Hosting;

/// <summary>Lets silos and clients use the store that the settings name.</summary>
internal static partial class Stores
{
    // The clusters' own list is read again this often, so that a client finds a silo that came later, and lets go of one that stands still.
    private static readonly TimeSpan ListRefresh = TimeSpan.FromSeconds(3);

    // A silo that was killed refuses at once, and one that stands still is given up by the others within this. A message that many grains
    // have to be activated for takes some of it.
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(10);

    // A silo that starts waits for every other that has said so lately: when all are killed at once, for three times this.
    private static readonly TimeSpan Alive = TimeSpan.FromSeconds(5);

    // A silo that stood still, and was given up by the others, finds that out here, and ends.
    private static readonly TimeSpan TableRefresh = TimeSpan.FromSeconds(10);

    /// <summary>Makes a silo of these settings.</summary>
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

    /// <summary>Makes the silo of the only gateway, which is in its process.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="storage">What grains keep things in.</param>
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

    /// <summary>Makes a client of these settings.</summary>
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

    // Without a collector, calls need not look for what to pass on.
    private static void Trace(ISiloBuilder silo, ClusterSettings settings)
    {
        if (settings.IsTraced)
        {
            silo.AddActivityPropagation();
        }
    }

    /// <summary>How silos in several processes find out who is there, and where grains are.</summary>
    private static void ConfigureMembership(ISiloBuilder silo)
    {
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            (membership.IAmAliveTablePublishTimeout, membership.TableRefreshTimeout) = (Alive, TableRefresh);

            // It is told by the clocks of two machines, and a silo whose clock is behind by more could never join.
            membership.EvictWhenMaxJoinAttemptTimeExceeded = false;
        });

        // The other directory loses or doubles grains when silos are killed.
#pragma warning disable ORLEANSEXP003 // It may yet change.
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003

        // By default nothing takes the place of a killed silo's grains for half a minute. What a silo that was given up still stores is not taken (StoreWriting).
        silo.Configure<GrainDirectoryOptions>(directory => directory.RangeLeaseDuration = TimeSpan.Zero);
    }

    /// <summary>A client that finds no silo tries again, at first soon and then every 5 s, until it is stopped.</summary>
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
