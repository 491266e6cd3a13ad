using Counter.Counting.Cluster;
using Counter.Counting.Embedded;
using Counter.Tests.Contract;
using Counter.Tests.Support;

namespace Counter.Counting.Tests.Embedded;

public sealed class EmbeddedReportTests : ReportContract
{
    protected override ValueTask<IEngine> StartAsync(EngineSetup setup) => new(new EmbeddedEngine(setup));
}

public sealed class EmbeddedLeaseTests : LeaseContract
{
    protected override ValueTask<IEngine> StartAsync(EngineSetup setup) => new(new EmbeddedEngine(setup));
}

public sealed class EmbeddedFeedTests : FeedContract
{
    protected override ValueTask<IEngine> StartAsync(EngineSetup setup) => new(new EmbeddedEngine(setup));
}

public sealed class EmbeddedPastTests : PastContract
{
    protected override ValueTask<IEngine> StartAsync(EngineSetup setup) => new(new EmbeddedEngine(setup));
}

public sealed class EmbeddedLimitTests : LimitContract
{
    protected override ValueTask<IEngine> StartAsync(EngineSetup setup) => new(new EmbeddedEngine(setup));
}

public sealed class EmbeddedListTests : ListContract
{
    protected override ValueTask<IEngine> StartAsync(EngineSetup setup) => new(new EmbeddedEngine(setup));
}

public sealed class EmbeddedDocumentTests : DocumentContract
{
    protected override ValueTask<IEngine> StartAsync(EngineSetup setup) => new(new EmbeddedEngine(setup));
}

public sealed class EmbeddedPollTests : PollContract
{
    protected override ValueTask<IEngine> StartAsync(EngineSetup setup) => new(new EmbeddedEngine(setup));
}

/// <summary>The embedded engine, for the contract.</summary>
internal sealed class EmbeddedEngine : IEngine
{
    private readonly ManualTimeProvider clock = new();
    private readonly TemporaryDirectory data = new();
    private readonly EmbeddedCluster cluster;

    public EmbeddedEngine(EngineSetup setup) => cluster = new EmbeddedCluster(
        new EmbeddedOptions { Directory = data.Root, LeaseDuration = setup.Lease, MaxPagesPerSite = setup.PagesPerSite, MaxSites = setup.Sites }, clock, new LogRecorder());

    public ICluster Cluster => cluster;

    public ICluster Other => cluster;

    public DateTimeOffset Now => clock.GetUtcNow();

    public ValueTask AdvanceAsync(TimeSpan by)
    {
        // Its timer fires every second; nothing happens there in years that would not in the last minutes of them.
        var last = by > TimeSpan.FromDays(1) ? TimeSpan.FromMinutes(5) : by;
        Jump(by - last);
        clock.Advance(last);
        cluster.ExpireAndSave();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await cluster.DisposeAsync();
        data.Dispose();
    }

    private void Jump(TimeSpan by) => clock.Jump(by);
}
