using System.Diagnostics;
using Counter.Counting.Cluster;
using Counter.Postgres.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Counter.Postgres.Tests.Faults;

/// <summary>A database that says nothing any more, not even that it is gone.</summary>
public sealed class SilenceTests : ServerTest
{
    // More than the pool has threads at once; a server here takes a hundred connections.
    private static readonly int Questions = Math.Min(Environment.ProcessorCount + 16, 80);

    [Fact]
    public async Task Questions_that_nobody_answers_keep_no_other_work_waiting()
    {
        using var wire = new Wire(new NpgsqlConnectionStringBuilder(ConnectionString).Port);
        var connection = new NpgsqlConnectionStringBuilder(ConnectionString) { Port = wire.Port, MaxPoolSize = Questions };
        var options = new PostgresOptions { ConnectionString = connection.ConnectionString };
        await using var cluster = new PostgresCluster(options, TimeProvider.System, NullLogger<PostgresCluster>.Instance);
        for (var i = 0; i < 20; i++)
        {
            // So that each of those who ask later has a connection.
            await Task.WhenAll(Enumerable.Range(0, Questions).Select(_ => cluster.GetTotalsAsync(Stop).AsTask()));
        }

        wire.Hold();
        using var over = new CancellationTokenSource();
        var longest = Task.Factory.StartNew(() => LongestWait(over.Token), Stop, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var asked = Enumerable.Range(0, Questions).Select(_ => Assert.ThrowsAsync<ClusterUnavailableException>(() => cluster.GetTotalsAsync(Stop).AsTask()));
        await Task.WhenAll(asked).WaitAsync(TimeSpan.FromSeconds(60), Stop);
        await over.CancelAsync();
        var waited = await longest;
        TestContext.Current.TestOutputHelper!.WriteLine($"The longest that other work waited: {waited.TotalSeconds:0.00} s");
        Assert.InRange(waited, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        wire.LetGo();
    }

    /// <summary>How long it took at most until the pool's threads did something small.</summary>
    private static TimeSpan LongestWait(CancellationToken over)
    {
        var longest = TimeSpan.Zero;
        using var done = new ManualResetEventSlim();
        while (!over.IsCancellationRequested)
        {
            done.Reset();
            var since = Stopwatch.GetTimestamp();
            ThreadPool.UnsafeQueueUserWorkItem(static done => done.Set(), done, preferLocal: false);
            done.Wait(CancellationToken.None);
            var took = Stopwatch.GetElapsedTime(since);
            longest = took > longest ? took : longest;
            over.WaitHandle.WaitOne(20);
        }

        return longest;
    }
}
