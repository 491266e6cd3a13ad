using System.Reflection;
using Counter.Counting.Cluster;
using Counter.Gateway.Tests.Support;
using Counter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Cluster;

/// <summary>A gateway and a silo, and in between what may go wrong.</summary>
/// <param name="lease">How long a gateway keeps its viewers without renewing its lease; null for the default.</param>
public abstract class UnreliableTest(TimeSpan? lease = null) : IAsyncLifetime
{
    private LocalCluster? cluster;
    private RunningGateway? gateway;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected ManualTimeProvider Clock { get; } = new();

    protected ICluster Engine => cluster!.Cluster;

    /// <summary>The cluster as another gateway has it, which nothing goes wrong with.</summary>
    protected ICluster Others { get; private set; } = null!;

    protected Unreliable Unreliable { get; } = (Unreliable)(object)DispatchProxy.Create<ICluster, Unreliable>();

    protected RunningGateway Gateway => gateway!;

    public async ValueTask InitializeAsync()
    {
        cluster = await LocalCluster.StartAsync(Clock, lease);
        Others = cluster.Connect();
        (Unreliable.Engine, Unreliable.Clock) = (Engine, Clock);
        gateway = await RunningGateway.StartAsync(
            null, Clock, services => services.AddSingleton((ICluster)(object)Unreliable), "--Limits:PagesPerSite=1000000");
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Gateway.DisposeAsync();
        await cluster!.DisposeAsync();
    }
}
