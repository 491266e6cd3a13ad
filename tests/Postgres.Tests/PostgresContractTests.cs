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
