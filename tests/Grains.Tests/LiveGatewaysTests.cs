using Counter.Grains.Gateways;
using Counter.Grains.Messages;
using Counter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Grains.Tests;

/// <summary>When a silo knows all gateways.</summary>
public sealed class LiveGatewaysTests : IDisposable
{
    private readonly ManualTimeProvider clock = new();
    private readonly CountingOptions options;
    private readonly ServiceProvider services = new ServiceCollection().BuildServiceProvider();
    private readonly LiveGateways live;

    public LiveGatewaysTests()
    {
        options = new CountingOptions { Clock = clock };
        live = new LiveGateways(options, services);
    }

    public void Dispose() => services.Dispose();

    [Fact]
    public void A_silo_that_has_just_started_does_not_know_all_gateways_because_the_registry_may_be_as_new()
    {
        Assert.Null(live.All);
        Apply(registry: 1, version: 1, "a");
        Assert.Null(live.All);
        clock.Advance(options.LeaseDuration);
        Assert.Equal(["a"], live.All);
        Apply(registry: 1, version: 2, "a", "b");
        Assert.Equal(["a", "b"], live.All!.Order());
    }

    [Fact]
    public void The_gateways_of_a_registry_that_is_gone_are_among_all_for_a_lease()
    {
        Apply(registry: 1, version: 1, "a", "b");
        clock.Advance(options.LeaseDuration);
        Apply(registry: 2, version: 1, "a");
        Assert.Equal(["a", "b"], live.All!.Distinct().Order());
        clock.Advance(options.LeaseDuration);
        Apply(registry: 2, version: 2, "a");
        Assert.Equal(["a"], live.All);
    }

    private void Apply(long registry, long version, params string[] gateways) =>
        live.Apply(new GatewaySet(registry, version, gateways.ToDictionary(gateway => gateway, _ => Guid.NewGuid()), new Dictionary<Guid, Guid>(), []));
}
