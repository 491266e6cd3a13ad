using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Gateway.Tests.Support;
using Counter.Postgres.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Counter.Postgres.Tests;

/// <summary>Listening goes on whatever happens, and costs nothing while nothing changes.</summary>
public sealed class ListeningTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly PageReport Home = new(new PageKey("example.com", "/"), 1, 1, 1, 1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_goes_wrong_while_listening_is_told_and_the_listening_goes_on()
    {
        Assert.SkipWhen(database.Problem is not null, database.Problem ?? "");
        var log = new LogRecorder();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(log));
        await using var cluster = Open(factory.CreateLogger<PostgresCluster>());
        var fail = true;
        var told = new TaskCompletionSource();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var reading = ReadAsync();
        await Wait.UntilAsync(() => log.Lines.Any(line => line.Level == LogLevel.Error), "the failure to be told");
        Assert.Contains("Listening", Assert.Single(log.Lines, line => line.Level == LogLevel.Error).Text, StringComparison.Ordinal);
        fail = false;
        await RenewAsync(cluster);
        await cluster.ReportAsync(new Report("g", [Home]), Stop);
        await told.Task.WaitAsync(TimeSpan.FromSeconds(60), Stop);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);

        async Task ReadAsync()
        {
            await foreach (var total in cluster.ChangesAsync(() => fail ? throw new InvalidOperationException("It is changing.") : [CountKey.ForPage(Home.Page)], enough.Token))
            {
                told.TrySetResult();
            }
        }
    }

    [Fact]
    public async Task What_is_shown_is_looked_through_only_when_it_is_another_list()
    {
        Assert.SkipWhen(database.Problem is not null, database.Problem ?? "");
        const int Changes = 50;
        await using var cluster = Open(NullLogger<PostgresCluster>.Instance);
        var (looks, newest) = (0, 0);
        var shown = Shown();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var reading = ReadAsync();
        await RenewAsync(cluster);
        for (var i = 2; i < Changes + 2; i++)
        {
            await cluster.ReportAsync(new Report("g", [Home with { Sequence = i, Viewers = i }]), Stop);
            await Wait.UntilAsync(() => Volatile.Read(ref newest) == i, "the change to be told");
        }

        // To know its sites, and to read its numbers.
        Assert.InRange(looks, 1, 2);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);

        IEnumerable<CountKey> Shown()
        {
            Interlocked.Increment(ref looks);
            yield return CountKey.ForPage(Home.Page);
        }

        async Task ReadAsync()
        {
            await foreach (var total in cluster.ChangesAsync(() => shown, enough.Token))
            {
                Volatile.Write(ref newest, total.Key.Of == CountOf.Page ? total.Viewers : newest);
            }
        }
    }

    private static async Task RenewAsync(PostgresCluster cluster) =>
        await cluster.RenewAsync(new GatewayState("g", "g", "", DateTimeOffset.UnixEpoch, 0, 0), Stop);

    private PostgresCluster Open(ILogger<PostgresCluster> log) =>
        new(new PostgresOptions { ConnectionString = database.ConnectionString }, TimeProvider.System, log);
}
