using Counter.Grains.Changes;
using Counter.Grains.Gateways;
using Counter.Grains.Pages;
using Counter.Grains.Play;
using Counter.Grains.Polls;
using Counter.Grains.Presence;
using Counter.Grains.Sites;
using Counter.Grains.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Counter.Grains;

/// <summary>The parts of the silo and client setup that do not depend on the store.</summary>
internal static class SiloSetup
{
    // Each gateway has one inbox. More queues cost more polling; with fewer, gateways wait for each other.
    private const int Queues = 8;

    // A change waits for at most two polls. 10 ms keeps that far below the 50 ms for which changes are collected. An idle queue costs
    // a hundred calls a second within the silos.
    private static readonly TimeSpan PollingPeriod = TimeSpan.FromMilliseconds(10);

    // No gateway reads old batches: it asks for lost numbers instead. The default keeps batches in memory for half an hour.
    private static readonly TimeSpan LeastInCache = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MostInCache = TimeSpan.FromSeconds(30);

    // Messages to a dead gateway queue in the silo without a bound until the silo drops the client. The gateway's lease has ended by then.
    // A gateway that was cut off for this long must open another inbox anyway.
    private static readonly TimeSpan DeadClient = TimeSpan.FromSeconds(15);

    // A batch that is older than this is useless: newer ones follow it.
    private static readonly TimeSpan Delivery = TimeSpan.FromSeconds(10);

    // With this, silos declare another silo dead after about 6 s. The defaults take 15 s, and 24 s for a silo that hangs. The numbers of its
    // pages do not change during that time.
    private static readonly TimeSpan Probe = TimeSpan.FromSeconds(2);

    /// <summary>Adds the grains' services to a silo.</summary>
    public static ISiloBuilder AddCounting(this ISiloBuilder silo, CountingOptions options)
    {
        silo.Services.AddSingleton(options);
        silo.Services.AddSingleton<StoreHealth>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(services => services.GetRequiredService<StoreHealth>());
        silo.Services.AddSingleton<LiveGateways>();
        silo.Services.AddSingleton<ActivePresences>();
        silo.Services.AddSingleton<ActivePages>();
        silo.Services.AddSingleton<ActiveSites>();
        silo.Services.AddSingleton<BallotCount>();
        silo.Services.AddSingleton<ActiveTables>();
        silo.Services.AddSingleton<WebhookCache>();
        silo.Services.AddSingleton<ChangeBroadcaster>();
        silo.Services.AddSingleton<ISilos, Silos>();
        silo.AddGrainService<SiloService>();
        silo.Configure<SiloMessagingOptions>(o => o.ClientDropTimeout = DeadClient);
        silo.Configure<ClusterMembershipOptions>(o => (o.ProbeTimeout, o.MaxProbeTimeout) = (Probe, Probe));
        return silo;
    }

    /// <summary>Lets a silo send changes to gateways in other processes.</summary>
    public static ISiloBuilder AddInboxStreams(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<IChangeTransport, ReceiverStreams>();
        silo.AddMemoryStreams(CountingOptions.Inboxes, streams =>
        {
            streams.ConfigurePartitioning(Queues);
            streams.ConfigurePullingAgent(agent => agent.Configure(o =>
            {
                o.GetQueueMsgsTimerPeriod = PollingPeriod;
                o.MaxEventDeliveryTime = Delivery;
            }));
            streams.ConfigureCacheEviction(cache => cache.Configure(o => (o.DataMinTimeInCache, o.DataMaxAgeInCache) = (LeastInCache, MostInCache)));
        });

        // Subscriptions are kept in memory. When one is lost, the gateway opens another inbox. Stored rows of inboxes whose silo was killed would
        // never be deleted.
        silo.AddMemoryGrainStorage("PubSubStore");
        return silo;
    }

    /// <summary>Lets a client receive changes from silos in other processes.</summary>
    public static IClientBuilder AddInboxStreams(this IClientBuilder client)
    {
        client.Services.AddSingleton<IChangeTransport, ReceiverStreams>();
        client.AddMemoryStreams(CountingOptions.Inboxes, streams => streams.ConfigurePartitioning(Queues));
        return client;
    }
}
