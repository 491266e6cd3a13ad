using Counter.Postgres.Tests.Support;
using Counter.Tests.Contract;
using Xunit;

namespace Counter.Postgres.Tests;

public sealed class PostgresReportTests(TestDatabase database) : ReportContract, IClassFixture<TestDatabase>
{
    protected override ValueTask<IEngine> StartAsync(EngineSetup setup) => PostgresEngine.StartAsync(database, setup);
}

public sealed class PostgresLeaseTests(TestDatabase database) : LeaseContract, IClassFixture<TestDatabase>
{
    protected override ValueTask<IEngine> StartAsync(EngineSetup setup) => PostgresEngine.StartAsync(database, setup);
}

public sealed class PostgresFeedTests(TestDatabase database) : FeedContract, IClassFixture<TestDatabase>
{
    protected override ValueTask<IEngine> StartAsync(EngineSetup setup) => PostgresEngine.StartAsync(database, setup);
}

public sealed class PostgresPastTests(TestDatabase database) : PastContract, IClassFixture<TestDatabase>
{
    protected override ValueTask<IEngine> StartAsync(EngineSetup setup) => PostgresEngine.StartAsync(database, setup);
}

public sealed class PostgresHistoryTests(TestDatabase database) : ClusterContract, IClassFixture<TestDatabase>
{
    protected override EngineSetup Setup => new(TimeSpan.FromDays(3000));

    [Fact]
    public async Task A_quiet_stretch_is_one_row_and_what_is_older_than_is_kept_is_deleted()
    {
        await JoinAsync("g", Say(Home, 1));
        await AdvanceAsync(100 * 60);
        await ReportAsync("g", Say(Home, 0, arrivals: 1));

        // Of the page and of the site: the first minute and the 99 after it, the hour that is over.
        Assert.Equal(4, await database.AskAsync<long>("SELECT count(*) FROM counter.history WHERE step = 0"));
        await AdvanceAsync(TimeSpan.FromHours(25).TotalSeconds);
        Assert.Equal(0, await database.AskAsync<long>("SELECT count(*) FROM counter.history WHERE step = 0"));
        Assert.Equal(2, await database.AskAsync<long>("SELECT count(*) FROM counter.history WHERE step = 1"));
        await AdvanceAsync(TimeSpan.FromDays(31).TotalSeconds);
        Assert.Equal(0, await database.AskAsync<long>("SELECT count(*) FROM counter.history WHERE step = 1"));
    }

    protected override ValueTask<IEngine> StartAsync(EngineSetup setup) => PostgresEngine.StartAsync(database, setup);
}

public sealed class PostgresLimitTests(TestDatabase database) : LimitContract, IClassFixture<TestDatabase>
{
    protected override ValueTask<IEngine> StartAsync(EngineSetup setup) => PostgresEngine.StartAsync(database, setup);
}

public sealed class PostgresListTests(TestDatabase database) : ListContract, IClassFixture<TestDatabase>
{
    protected override ValueTask<IEngine> StartAsync(EngineSetup setup) => PostgresEngine.StartAsync(database, setup);
}

public sealed class PostgresDocumentTests(TestDatabase database) : DocumentContract, IClassFixture<TestDatabase>
{
    protected override ValueTask<IEngine> StartAsync(EngineSetup setup) => PostgresEngine.StartAsync(database, setup);
}

public sealed class PostgresPollTests(TestDatabase database) : PollContract, IClassFixture<TestDatabase>
{
    protected override ValueTask<IEngine> StartAsync(EngineSetup setup) => PostgresEngine.StartAsync(database, setup);
}
