using Counter.Grains.Tests.Support;
using Counter.Tests.Contract;

namespace Counter.Grains.Tests.Local;

public sealed class LocalReportTests : ReportContract
{
    protected override async ValueTask<IEngine> StartAsync(EngineSetup setup) => await OrleansEngine.StartLocalAsync(setup);
}

public sealed class LocalLeaseTests : LeaseContract
{
    protected override async ValueTask<IEngine> StartAsync(EngineSetup setup) => await OrleansEngine.StartLocalAsync(setup);
}

public sealed class LocalChangeTests : ChangeContract
{
    protected override async ValueTask<IEngine> StartAsync(EngineSetup setup) => await OrleansEngine.StartLocalAsync(setup);
}

public sealed class LocalTotalTests : TotalContract
{
    protected override async ValueTask<IEngine> StartAsync(EngineSetup setup) => await OrleansEngine.StartLocalAsync(setup);
}

public sealed class LocalHistoryTests : HistoryContract
{
    protected override async ValueTask<IEngine> StartAsync(EngineSetup setup) => await OrleansEngine.StartLocalAsync(setup);
}

public sealed class LocalLimitTests : LimitContract
{
    protected override async ValueTask<IEngine> StartAsync(EngineSetup setup) => await OrleansEngine.StartLocalAsync(setup);
}

public sealed class LocalListTests : ListContract
{
    protected override async ValueTask<IEngine> StartAsync(EngineSetup setup) => await OrleansEngine.StartLocalAsync(setup);
}

public sealed class LocalDocumentTests : DocumentContract
{
    protected override async ValueTask<IEngine> StartAsync(EngineSetup setup) => await OrleansEngine.StartLocalAsync(setup);
}

public sealed class LocalPollTests : PollContract
{
    protected override async ValueTask<IEngine> StartAsync(EngineSetup setup) => await OrleansEngine.StartLocalAsync(setup);
}

public sealed class LocalPagesTests : PagesContract
{
    protected override async ValueTask<IEngine> StartAsync(EngineSetup setup) => await OrleansEngine.StartLocalAsync(setup);
}
