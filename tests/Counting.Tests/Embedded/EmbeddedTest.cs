using Counter.Counting.Cluster;
using Counter.Counting.Embedded;
using Counter.Counting.Pages;
using Counter.Tests.Support;
using Xunit;

namespace Counter.Counting.Tests.Embedded;

/// <summary>An embedded cluster on a directory of its own and a clock that the test moves.</summary>
public abstract class EmbeddedTest : IAsyncDisposable
{
    private long sequence;

    protected EmbeddedTest() => Cluster = Open(Data);

    protected static PageKey Home { get; } = new("example.com", "/");

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected ManualTimeProvider Clock { get; } = new();

    private protected TemporaryDirectory Data { get; } = new();

    private protected LogRecorder Log { get; } = new();

    private protected EmbeddedCluster Cluster { get; }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        Data.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected EmbeddedCluster Open(TemporaryDirectory where, EmbeddedOptions? options = null, TimeProvider? clock = null) =>
        new((options ?? new EmbeddedOptions()) with { Directory = where.Root }, clock ?? Clock, Log);

    private protected PageReport One(PageKey page, int viewers, long? arrivals = null) => new(page, 1, ++sequence, viewers, arrivals ?? viewers);

    protected Task Report(PageKey page, int viewers, long? arrivals = null) => ReportTo(Cluster, One(page, viewers, arrivals));

    /// <summary>A gateway that says that it lives reports.</summary>
    private protected static async Task<ReportReply> ReportTo(EmbeddedCluster cluster, params PageReport[] pages)
    {
        await cluster.RenewAsync(new GatewayState("g", "machine", "1.0.0", DateTimeOffset.UnixEpoch, 0, 0), Stop);
        return await cluster.ReportAsync(new Report("g", pages), Stop);
    }
}
