using Counter.Counting.Cluster;
using Counter.Tests.Contract;
using Counter.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Counter.Postgres.Tests.Support;

/// <summary>The PostgreSQL engine, for the contract: two gateways on one database, whose clock the test moves.</summary>
internal sealed class PostgresEngine : IEngine
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly TestDatabase database;
    private readonly TimeSpan lease;
    private readonly PostgresCluster cluster;
    private readonly PostgresCluster other;

    private PostgresEngine(TestDatabase database, EngineSetup setup)
    {
        this.database = database;
        lease = setup.Lease;
        var options = new PostgresOptions
        {
            ConnectionString = database.ConnectionString,
            LeaseDuration = setup.Lease,
            MaxPagesPerSite = setup.PagesPerSite,
            MaxSites = setup.Sites,
        };

        // What is done in the background is done when the test says so.
        var standing = new ManualTimeProvider();
        cluster = new PostgresCluster(options, standing, NullLogger<PostgresCluster>.Instance);
        other = new PostgresCluster(options, standing, NullLogger<PostgresCluster>.Instance);
    }

    public ICluster Cluster => cluster;

    public ICluster Other => other;

    public DateTimeOffset Now { get; private set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Empties the class's database and connects to it, or skips the test.</summary>
    public static async ValueTask<IEngine> StartAsync(TestDatabase database, EngineSetup setup)
    {
        Assert.SkipWhen(database.Problem is not null, database.Problem ?? "");
        await database.DoAsync("DROP SCHEMA IF EXISTS counter CASCADE; CREATE TABLE IF NOT EXISTS clock (ms bigint); DELETE FROM clock; INSERT INTO clock VALUES (0)");
        var engine = new PostgresEngine(database, setup);
        await engine.SetClockAsync();
        await engine.cluster.GetTotalsAsync(TestContext.Current.CancellationToken);
        await database.DoAsync("CREATE OR REPLACE FUNCTION counter.now_ms() RETURNS bigint LANGUAGE sql VOLATILE AS 'SELECT ms FROM public.clock'");

        // It has run for a while.
        await database.DoAsync($"DELETE FROM counter.overview; INSERT INTO counter.watch VALUES ({engine.Now.ToUnixTimeMilliseconds()}, 0)");
        return engine;
    }

    public async ValueTask AdvanceAsync(TimeSpan by)
    {
        // Somebody looks after the leases every second, also in the last minute of a year; nobody need where they hold for years.
        var end = Now + by;
        Now = lease > Minute ? end : by > Minute ? end - Minute : Now;
        do
        {
            Now = Now + Round < end ? Now + Round : end;
            await SetClockAsync();
            await cluster.ExpireAndTidyAsync(TestContext.Current.CancellationToken);
        }
        while (Now < end);
    }

    public async ValueTask DisposeAsync()
    {
        await cluster.DisposeAsync();
        await other.DisposeAsync();
    }

    private Task SetClockAsync() => database.DoAsync($"UPDATE clock SET ms = {Now.ToUnixTimeMilliseconds()}");
}
