using System.Net.Sockets;
using Counter.Gateway.Operations;
using Counter.Gateway.Tests.Support;
using Counter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>Near its memory limit the gateway accepts no more connections.</summary>
public sealed class MemoryLimitTests
{
    private const long Most = 460_000_000;

    [Fact]
    public async Task While_memory_is_short_new_connections_are_closed_and_open_ones_are_served()
    {
        using var log = new LogRecorder();
        var clock = new ManualTimeProvider();
        var used = Most - 1;
        await using var gateway = await RunningGateway.StartAsync(
            log, clock, services => services.AddSingleton(new MemoryLimit(() => Interlocked.Read(ref used), Most, clock)));
        using var stream = await gateway.ViewAsync("https://example.com/a");
        await stream.ReadPreambleAsync();
        await stream.ReadFrameAsync();
        Assert.True(await IsServedAsync(gateway));

        Interlocked.Exchange(ref used, Most);
        clock.Advance(MemoryLimit.Lifetime);
        Assert.False(await IsServedAsync(gateway));
        Assert.False(await IsServedAsync(gateway));
        Assert.Single(log.Lines, line => line.Text.Contains("460 MB in use", StringComparison.Ordinal));
        var frame = stream.ReadFrameAsync();
        await gateway.AdvanceUntilAsync(() => frame.IsCompleted, "a frame of who was there");
        await frame;

        Interlocked.Exchange(ref used, Most - 1);
        clock.Advance(MemoryLimit.Lifetime);
        Assert.True(await IsServedAsync(gateway));
    }

    [Fact]
    public void The_test_process_has_enough_memory() => Assert.False(MemoryLimit.OfThisProcess(TimeProvider.System).IsReached());

    /// <summary>Whether a new connection is served.</summary>
    private static async Task<bool> IsServedAsync(RunningGateway gateway)
    {
        try
        {
            using var client = await RawClient.OpenAsync(gateway.Address, "/health/live");
            return true;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return false;
        }
    }
}
