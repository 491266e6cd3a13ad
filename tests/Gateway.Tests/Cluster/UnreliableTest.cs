using System.Reflection;
using Counter.Counting.Cluster;
using Counter.Counting.Embedded;
using Counter.Gateway.Tests.Support;
using Counter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Counter.Gateway.Tests.Cluster;

/// <summary>A gateway and an engine, and in between what may go wrong.</summary>
public abstract class UnreliableTest : IAsyncLifetime
{
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("counter-unreliable-");
    private RunningGateway? gateway;

    /// <param name="options">How the engine works; its directory is one of the test's own.</param>
    protected UnreliableTest(EmbeddedOptions options)
    {
        Engine = new EmbeddedCluster(options with { Directory = data.FullName }, Clock, NullLogger<EmbeddedCluster>.Instance);
        Unreliable = (Unreliable)(object)DispatchProxy.Create<ICluster, Unreliable>();
        (Unreliable.Engine, Unreliable.Clock) = (Engine, Clock);
    }

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected ManualTimeProvider Clock { get; } = new();

    protected EmbeddedCluster Engine { get; }

    protected Unreliable Unreliable { get; }

    protected RunningGateway Gateway => gateway!;

    public async ValueTask InitializeAsync() =>
        gateway = await RunningGateway.StartAsync(null, Clock, services => services.AddSingleton((ICluster)(object)Unreliable));

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Gateway.DisposeAsync();
        await Engine.DisposeAsync();
        data.Delete(recursive: true);
    }
}
