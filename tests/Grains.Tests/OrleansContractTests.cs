using Counter.Grains.Tests.Support;
using Counter.Tests.Contract;

namespace Counter.Grains.Tests;

public sealed class OrleansReportTests : ReportContract
{
    protected override async ValueTask<IEngine> StartAsync(EngineSetup setup) => await OrleansEngine.StartAsync(setup);
}

public sealed class OrleansLeaseTests : LeaseContract
{
    protected override async ValueTask<IEngine> StartAsync(EngineSetup setup) => await OrleansEngine.StartAsync(setup);
}

public sealed class OrleansChangeTests : ChangeContract
{
    protected override async ValueTask<IEngine> StartAsync(EngineSetup setup) => await OrleansEngine.StartAsync(setup);
}

public sealed class OrleansTotalTests : TotalContract
{
    protected override async ValueTask<IEngine> StartAsync(EngineSetup setup) => await OrleansEngine.StartAsync(setup);
}

public sealed class OrleansHistoryTests : HistoryContract
{
    protected override async ValueTask<IEngine> StartAsync(EngineSetup setup) => await OrleansEngine.StartAsync(setup);
}

public sealed class OrleansLimitTests : LimitContract
{
    protected override async ValueTask<IEngine> StartAsync(EngineSetup setup) => await OrleansEngine.StartAsync(setup);
}

public sealed class OrleansListTests : ListContract
{
    protected override async ValueTask<IEngine> StartAsync(EngineSetup setup) => await OrleansEngine.StartAsync(setup);
}

public sealed class OrleansDocumentTests : DocumentContract
{
    protected override async ValueTask<IEngine> StartAsync(EngineSetup setup) => await OrleansEngine.StartAsync(setup);
}

public sealed class OrleansPollTests : PollContract
{
    protected override async ValueTask<IEngine> StartAsync(EngineSetup setup) => await OrleansEngine.StartAsync(setup);
}

public sealed class OrleansPagesTests : PagesContract
{
    protected override async ValueTask<IEngine> StartAsync(EngineSetup setup) => await OrleansEngine.StartAsync(setup);
}
