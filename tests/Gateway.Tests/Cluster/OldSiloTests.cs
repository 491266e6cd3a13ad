using System.Reflection;
using System.Text;
using Counter.Counting.Cluster;
using Counter.Counting.Presence;
using Counter.Gateway.Tests.Support;
using Counter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Cluster;

/// <summary>A gateway requests totals of an older silo without them, as during an update.</summary>
public sealed class OldSiloTests
{
    private const string Query = "?site=example.com&page=/a";

    [Fact]
    public async Task A_late_total_is_shown_muted_and_other_numbers_are_right()
    {
        var clock = new ManualTimeProvider();
        await using var cluster = await LocalCluster.StartAsync(clock);
        var silo = (OldSilo)(object)DispatchProxy.Create<ICluster, OldSilo>();
        silo.Engine = cluster.Cluster;
        await using var gateway = await RunningGateway.StartAsync(
            null, clock, services => services.AddSingleton((ICluster)(object)silo), "--Streaming:FirstFrameMilliseconds=75");
        using var total = await gateway.OpenAsync("/online/events" + Query + "&count=arrivals");
        Assert.Contains("{\"viewers\":0,\"live\":false,\"stale\":true}", Encoding.UTF8.GetString(await total.ReadBodyUntilAsync("}\n\n")), StringComparison.Ordinal);
        Assert.Equal(1, await gateway.CountAsync("http://example.com/a"));
        using var viewers = await gateway.OpenAsync("/online/events" + Query + "&watch=1");
        Assert.Contains("{\"viewers\":1,\"live\":true}", Encoding.UTF8.GetString(await viewers.ReadBodyUntilAsync("}\n\n")), StringComparison.Ordinal);
    }

    /// <summary>A silo that does not read what was added to batches.</summary>
    public class OldSilo : DispatchProxy
    {
        public ICluster Engine { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (args is [string, PresenceBatch batch, CancellationToken])
            {
                args[1] = batch with { Totals = null };
            }

            return targetMethod!.Invoke(Engine, args);
        }
    }
}
