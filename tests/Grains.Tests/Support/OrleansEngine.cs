using Counter.Counting.Cluster;
using Counter.Gateway.Tests.Support;
using Counter.Grains.Changes;
using Counter.Grains.Client;
using Counter.Grains.Gateways;
using Counter.Grains.Sites;
using Counter.Tests.Contract;
using Counter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Core.Internal;
using Orleans.Storage;
using Orleans.TestingHost;

namespace Counter.Grains.Tests.Support;

/// <summary>The Orleans engine: three silos and two gateways in this process, and a clock for the counting that the test moves.</summary>
internal sealed class OrleansEngine : IEngine
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ManualTimeProvider clock = new();
    private readonly TimeSpan lease;
    private readonly LocalFile? file;

    private OrleansEngine(EngineSetup setup, int silos, LocalFile? file)
    {
        (lease, this.file) = (setup.Lease, file);
        var options = new CountingOptions { LeaseDuration = setup.Lease, Clock = clock };
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddCounting(options);
            if (file is null)
            {
                silo.AddInboxStreams();
                silo.Services.AddKeyedSingleton<IGrainStorage>(CountingOptions.Storage, Store);
            }
            else
            {
                silo.Services.AddSingleton<IChangeTransport>(file.Inboxes);
                silo.Services.AddKeyedSingleton<IGrainStorage>(CountingOptions.Storage, file.Storage);
            }
        });
        builder.ConfigureClient(client =>
        {
            if (file is null)
            {
                client.AddInboxStreams();
            }
            else
            {
                client.Services.AddSingleton<IChangeTransport>(file.Inboxes);
            }
        });
        builder.ConfigureSiloHost((_, host) => host.Logging.SetMinimumLevel(LogLevel.None));
        Silos = builder.Build();
        Cluster = new OrleansCluster(() => Silos.Client, TimeProvider.System, NullLogger<OrleansCluster>.Instance);
        Other = new OrleansCluster(() => Silos.Client, TimeProvider.System, NullLogger<OrleansCluster>.Instance);
    }

    public ICluster Cluster { get; }

    public ICluster Other { get; }

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>The silos.</summary>
    public InProcessTestCluster Silos { get; }

    /// <summary>What grains store things in.</summary>
    public SharedStore Store { get; } = new();

    /// <summary>A client of the silos.</summary>
    public IClusterClient Client => Silos.Client;

    /// <summary>One silo with the gateway in its process, that keeps things in a file.</summary>
    public static ValueTask<OrleansEngine> StartLocalAsync(EngineSetup setup) => StartAsync(setup, silos: 1, new LocalFile());

    public static async ValueTask<OrleansEngine> StartAsync(EngineSetup setup, int silos = 3, LocalFile? file = null)
    {
        var engine = new OrleansEngine(setup, silos, file);
        await engine.Silos.DeployAsync();
        return engine;
    }

    public async ValueTask SettleAsync() => await Client.GetGrain<IGatewayRegistryGrain>(0).RefreshSilosAsync();

    public async ValueTask AdvanceAsync(TimeSpan by)
    {
        // Silos look after their pages every second, also in the last minute of a year; nobody needs it where leases hold for years.
        var last = by > Minute ? Minute : by;
        clock.Jump(lease > Minute ? by : by - last);
        for (var passed = TimeSpan.Zero; lease <= Minute && passed < last; passed += Round)
        {
            clock.Advance(last - passed < Round ? last - passed : Round);
            await Client.GetGrain<IGatewayRegistryGrain>(0).RefreshSilosAsync();
        }

        await Client.GetGrain<ISiteDirectoryGrain>(0).TidyAsync();
    }

    /// <summary>Has a grain leave memory, and waits until it has: what it stores then is stored.</summary>
    public async Task RestAsync(IAddressable grain)
    {
        await grain.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        await Wait.UntilAsync(async () => await WhereAsync(grain) is null, "a grain to leave memory");
    }

    /// <summary>Reactivates the registry. Silos call it all the time, so they do not see it gone.</summary>
    public async Task RestRegistryAsync()
    {
        var registry = Client.GetGrain<IGatewayRegistryGrain>(0);
        var before = (await registry.PollAsync()).Registry;
        await registry.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        await Wait.UntilAsync(async () => (await registry.PollAsync()).Registry != before, "another registry");
    }

    /// <summary>The silo that a grain is in; null when it is in none.</summary>
    public async Task<SiloAddress?> WhereAsync(IAddressable grain) => await Client.GetGrain<IManagementGrain>(0).GetActivationAddress(grain);

    /// <summary>From now on the clocks of silos are behind.</summary>
    public void TurnBack(TimeSpan by) => clock.Jump(-by);

    public async ValueTask DisposeAsync()
    {
        await Silos.DisposeAsync();
        if (file is not null)
        {
            await file.DisposeAsync();
        }
    }
}
