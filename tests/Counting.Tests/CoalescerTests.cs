using Counter.Tests.Support;
using Xunit;

namespace Counter.Counting.Tests;

public sealed class CoalescerTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly ManualTimeProvider clock = new();

    [Fact]
    public void The_first_trigger_runs_synchronously()
    {
        var thread = 0;
        using var coalescer = new Coalescer(clock, Interval, () => thread = Environment.CurrentManagedThreadId);
        coalescer.Trigger();
        Assert.Equal(Environment.CurrentManagedThreadId, thread);
    }

    [Fact]
    public void Triggers_within_the_interval_merge_into_one_run_at_its_end()
    {
        var runs = 0;
        using var coalescer = new Coalescer(clock, Interval, () => runs++);
        for (var i = 0; i < 10; i++)
        {
            coalescer.Trigger();
        }

        clock.Advance(Interval - TimeSpan.FromTicks(1));
        Assert.Equal(1, runs);
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(2, runs);
        clock.Advance(Interval * 10);
        Assert.Equal(2, runs);
        coalescer.Trigger();
        Assert.Equal(3, runs);
    }

    [Fact]
    public void Steady_triggers_run_once_per_interval()
    {
        var runs = 0;
        using var coalescer = new Coalescer(clock, Interval, () => runs++);
        for (var i = 0; i < 1_000; i++)
        {
            coalescer.Trigger();
            clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.InRange(runs, 10, 11);
    }

    [Fact]
    public void A_trigger_from_within_a_run_is_not_lost()
    {
        var runs = 0;
        Coalescer? coalescer = null;
        coalescer = new Coalescer(clock, Interval, () =>
        {
            if (++runs < 3)
            {
                coalescer!.Trigger();
            }
        });
        coalescer.Trigger();
        Assert.Equal(1, runs);
        clock.Advance(Interval * 10);
        Assert.Equal(3, runs);
        coalescer.Dispose();
    }

    [Fact]
    public void A_trigger_during_a_run_longer_than_the_interval_runs_again_right_after()
    {
        var runs = 0;
        Coalescer? coalescer = null;
        coalescer = new Coalescer(clock, Interval, () =>
        {
            if (++runs == 1)
            {
                coalescer!.Trigger();
                clock.Advance(Interval * 3);
            }
        });
        coalescer.Trigger();
        clock.Advance(TimeSpan.Zero);
        Assert.Equal(2, runs);
        coalescer.Dispose();
    }

    [Fact]
    public async Task A_trigger_of_another_thread_during_a_run_neither_blocks_nor_is_lost()
    {
        using var began = new SemaphoreSlim(0);
        using var mayEnd = new SemaphoreSlim(0);
        var runs = 0;
        using var coalescer = new Coalescer(clock, Interval, () =>
        {
            runs++;
            began.Release();
            mayEnd.Wait(TestContext.Current.CancellationToken);
        });
        var first = Task.Run(coalescer.Trigger, TestContext.Current.CancellationToken);
        await began.WaitAsync(TestContext.Current.CancellationToken);
        coalescer.Trigger();
        Assert.Equal(1, runs);
        mayEnd.Release(2);
        await first;
        clock.Advance(Interval);
        Assert.Equal(2, runs);
    }

    [Fact]
    public void After_dispose_nothing_runs()
    {
        var runs = 0;
        var coalescer = new Coalescer(clock, Interval, () => runs++);
        coalescer.Trigger();
        coalescer.Trigger();
        coalescer.Dispose();
        coalescer.Trigger();
        clock.Advance(Interval * 2);
        Assert.Equal(1, runs);
    }

    [Fact]
    public void A_run_that_throws_does_not_stop_the_next()
    {
        var runs = 0;
        using var coalescer = new Coalescer(clock, Interval, () => throw new InvalidOperationException($"{++runs}"));
        Assert.Throws<InvalidOperationException>(coalescer.Trigger);
        clock.Advance(Interval);
        Assert.Throws<InvalidOperationException>(coalescer.Trigger);
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task With_many_threads_runs_never_overlap_and_the_last_value_is_published()
    {
        const int Threads = 4;
        const int Rounds = 300;
        var (written, seen, running, overlaps) = (0, 0, 0, 0);
        using var barrier = new Barrier(Threads + 1);
        using var coalescer = new Coalescer(clock, Interval, () =>
        {
            overlaps += Interlocked.Increment(ref running) - 1;
            Volatile.Write(ref seen, Volatile.Read(ref written));
            Thread.SpinWait(50);
            Interlocked.Decrement(ref running);
        });
        var writers = Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (var round = 0; round < Rounds; round++)
                {
                    barrier.SignalAndWait(TestContext.Current.CancellationToken);
                    for (var i = 0; i < 20; i++)
                    {
                        Interlocked.Increment(ref written);
                        coalescer.Trigger();
                    }

                    barrier.SignalAndWait(TestContext.Current.CancellationToken);
                }
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            barrier.SignalAndWait(TestContext.Current.CancellationToken);
            clock.Advance(Interval / 2);
            clock.Advance(Interval / 2);
            barrier.SignalAndWait(TestContext.Current.CancellationToken);
            clock.Advance(Interval);
            Assert.Equal(written, seen);
        }

        await Task.WhenAll(writers);
        Assert.Equal(0, overlaps);
    }
}
