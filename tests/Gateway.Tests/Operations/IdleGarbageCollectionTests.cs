using Counter.Gateway.Operations;
using Counter.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>Memory is collected once after a flood.</summary>
public sealed class IdleGarbageCollectionTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly ManualTimeProvider clock = new();
    private readonly SemaphoreSlim read = new(0);
    private readonly IdleGarbageCollection idle;
    private long allocated;
    private int collections;

    public IdleGarbageCollectionTests() => idle = new IdleGarbageCollection(
        () =>
        {
            read.Release();
            return allocated;
        },
        () => collections++,
        clock);

    public async ValueTask DisposeAsync()
    {
        await idle.StopAsync(CancellationToken.None);
        idle.Dispose();
        read.Dispose();
    }

    [Fact]
    public async Task It_collects_once_when_a_busy_gateway_becomes_idle()
    {
        await idle.StartAsync(CancellationToken.None);
        await ReadAsync();
        await ReadAsync();

        // Little was asked for; then much, all the time.
        await RoundsAsync(IdleGarbageCollection.QuietRounds + 1, bytes: 0);
        await RoundsAsync(10, IdleGarbageCollection.Much);
        await RoundsAsync(IdleGarbageCollection.QuietRounds - 1, IdleGarbageCollection.Little - 1);
        Assert.Equal(0, collections);
        await RoundsAsync(2, bytes: 0);
        Assert.Equal(1, collections);
        await RoundsAsync(2 * IdleGarbageCollection.QuietRounds, bytes: 0);
        Assert.Equal(1, collections);
    }

    /// <summary>A round begins with a reading, so the one before has ended when the next was read; of the last, that is the caller's to expect.</summary>
    private async Task RoundsAsync(int rounds, long bytes)
    {
        for (var i = 0; i < rounds; i++)
        {
            allocated += bytes;
            clock.Advance(IdleGarbageCollection.Round);
            await ReadAsync();
        }
    }

    private async Task ReadAsync() => Assert.True(await read.WaitAsync(Deadline, TestContext.Current.CancellationToken));
}
