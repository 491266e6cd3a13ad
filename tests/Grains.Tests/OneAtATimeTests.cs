using Xunit;

namespace Counter.Grains.Tests;

/// <summary>Work that is asked for while it is under way.</summary>
public sealed class OneAtATimeTests
{
    [Fact]
    public async Task Who_asks_while_it_is_under_way_shares_the_next_time()
    {
        var turns = new Queue<TaskCompletionSource>();
        var work = new OneAtATime(() =>
        {
            turns.Enqueue(new TaskCompletionSource());
            return turns.Last().Task;
        });
        var first = work.RunAsync();
        var second = work.RunAsync();
        Assert.Same(second, work.RunAsync());
        Assert.Single(turns);

        // The next time comes also when this one fails.
        turns.Dequeue().SetException(new IOException());
        await Assert.ThrowsAsync<IOException>(() => first);
        var third = work.RunAsync();
        Assert.False(second.IsCompleted);
        Assert.NotSame(second, third);
        turns.Dequeue().SetResult();
        await second;
        turns.Dequeue().SetResult();
        await third;
    }
}
