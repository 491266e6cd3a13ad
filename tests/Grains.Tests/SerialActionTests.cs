using Xunit;

namespace Counter.Grains.Tests;

/// <summary>Work that is asked for while it is under way.</summary>
public sealed class SerialActionTests : IDisposable
{
    private readonly SemaphoreSlim turns = new(0);
    private int running;
    private int most;
    private int times;

    public void Dispose() => turns.Dispose();

    [Fact]
    public async Task Callers_during_a_run_share_the_next_one_even_after_a_failure()
    {
        var work = new SerialAction(async () =>
        {
            most = Math.Max(most, ++running);
            var isFirst = ++times == 1;
            await turns.WaitAsync();
            running--;
            if (isFirst)
            {
                throw new IOException();
            }
        });
        var first = work.RunAsync();
        var second = work.RunAsync();
        Assert.Same(second, work.RunAsync());
        Assert.Equal(1, times);
        turns.Release();
        await Assert.ThrowsAsync<IOException>(() => first);
        var third = work.RunAsync();
        turns.Release(2);
        await Task.WhenAll(second, third);
        Assert.Equal(1, most);
        Assert.InRange(times, 2, 3);
    }
}
