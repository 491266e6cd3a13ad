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

/// <summary>What silos and clients have in common, wherever they store things and find each other.</summary>
internal static class SiloSetup
{
    // A gateway has one inbox, so more queues than this only mean more to poll; with fewer, gateways would wait for each other.
    private const int Queues = 8;

    // A change waits for the next poll twice at most: 10 ms keep it far below the 50 ms that changes are collected for, and an idle
    // queue costs a hundred calls a second within the silos.
    private static readonly TimeSpan PollingPeriod = TimeSpan.FromMilliseconds(10);

    // Nobody reads an inbox from before: what was lost is asked for. The default keeps batches in memory for half an hour.
    private static readonly TimeSpan LeastInCache = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MostInCache = TimeSpan.FromSeconds(30);

    // What is sent to a gateway that died waits in the silo without bound until it is dropped. Its lease has ended by then; one that
    // was only cut off for as long has to open another inbox anyway.
    private static readonly TimeSpan DeadClient = TimeSpan.FromSeconds(15);

    // A batch that cannot be delivered for this long is worth nothing: newer ones are behind it.
    private static readonly TimeSpan Delivery = TimeSpan.FromSeconds(10);

    // A silo is given up after about 6 s, not after 15, nor 24 when it stands still: pages that were counted there stand still for so long.
    private static readonly TimeSpan Probe = TimeSpan.FromSeconds(2);

    /// <summary>Adds the counting to a silo.</summary>
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

    /// <summary>Has a silo reach gateways in other processes.</summary>
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

        // Who listens to which inbox is not worth a row: when it is lost, another inbox is opened, and rows of inboxes whose silo was killed
        // would stay for ever.
        silo.AddMemoryGrainStorage("PubSubStore");
        return silo;
    }

    /// <summary>Has a client hear silos in other processes.</summary>
    public static IClientBuilder AddInboxStreams(this IClientBuilder client)
    {
        client.Services.AddSingleton<IChangeTransport, ReceiverStreams>();
        client.AddMemoryStreams(CountingOptions.Inboxes, streams => streams.ConfigurePartitioning(Queues));
        return client;
    }
}
