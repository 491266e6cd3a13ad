using System.Reflection;
using Counter.Counting.Cluster;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Gateway.Charts;
using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;
using Counter.Gateway.Streaming;
using Counter.Gateway.Tests.Frames;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Counter.Gateway.Tests.Charts;

/// <summary>Charts read the history with few calls of the cluster.</summary>
public sealed class ViewerHistoryTests : IAsyncLifetime
{
    private static readonly CountKey Key = CountKey.ForSite("example.com");
    private static readonly ChartRange Range = ChartRange.All[0];

    private readonly StubbornCluster cluster = (StubbornCluster)DispatchProxy.Create<ICluster, StubbornCluster>();
    private RunningGateway gateway = null!;
    private ViewerHistories pasts = null!;

    public async ValueTask InitializeAsync()
    {
        gateway = await RunningGateway.StartAsync();
        pasts = new ViewerHistories((ICluster)(object)cluster, gateway.App.Services.GetRequiredService<Feeds>(), gateway.Clock, NullLogger<ViewerHistories>.Instance);
    }

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task The_history_of_a_number_and_range_is_read_once_for_all_viewers()
    {
        var all = Enumerable.Range(0, 100).Select(_ => pasts.Open(Key, Range)).ToList();
        Assert.Single(all.Distinct());
        await Task.WhenAll(all.Select(past => past.Refresh()));
        gateway.Clock.Advance(ViewerHistory.Fresh - TimeSpan.FromSeconds(1));
        await all[0].Refresh();
        Assert.Equal(1, cluster.Asked);

        gateway.Clock.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(all.Select(past => past.Refresh()));
        Assert.Equal(2, cluster.Asked);
        await pasts.Open(Key, ChartRange.All[1]).Refresh();
        Assert.Equal(3, cluster.Asked);
    }

    [Fact]
    public async Task A_failing_cluster_hides_the_history_and_not_the_number()
    {
        var past = pasts.Open(Key, Range);
        cluster.Fails = true;
        await past.Refresh();
        var chart = past.Now.With(new DisplayedCount(7));
        Assert.Equal(7, Assert.Single(chart.Series[0].Points).Value);

        cluster.Fails = false;
        cluster.Hangs = true;
        gateway.Clock.Advance(ViewerHistory.Fresh);
        var refreshing = past.Refresh();
        await gateway.AdvanceUntilAsync(() => refreshing.IsCompleted, "the deadline to end");
        Assert.Equal(7, past.Now.With(new DisplayedCount(7)).Series[0].Current);
    }

    [Fact]
    public void Unused_histories_are_evicted_when_there_are_many()
    {
        var kept = pasts.Open(Key, Range);
        for (var i = 0; i < 10_000; i++)
        {
            pasts.Close(pasts.Open(CountKey.ForSite($"s{i}.example"), Range));
            Assert.InRange(pasts.Count, 1, 202);
        }

        Assert.Same(kept, pasts.Open(Key, Range));
    }

    [Fact]
    public void A_history_begins_with_the_first_viewer_and_ends_with_the_current_number()
    {
        var at = SampleCharts.Now;
        var steps = Enumerable.Range(0, 16).Select(i => new HistoryPoint(new DateTimeOffset(2026, 3, 1, 12, 19 + i, 0, TimeSpan.Zero), i, i, 0)).ToList();
        var chart = new ViewerHistorySnapshot(Range, at, at.AddMinutes(-3), steps).With(new DisplayedCount(40));
        Assert.Equal([12, 13, 14, 15, 40], chart.Series[0].Points.Select(point => (int)point.Value!.Value));
        Assert.Equal(at, chart.Series[0].Points[^1].Time);
        Assert.True(chart.Series[0].Points.Zip(chart.Series[0].Points.Skip(1), (a, b) => a.Time <= b.Time).All(inOrder => inOrder));
    }

    [Fact]
    public void Minutes_of_a_day_are_merged_to_their_maximum()
    {
        var at = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var steps = Enumerable.Range(0, 1440).Select(i => new HistoryPoint(at.AddMinutes(i - 1440), i, i, 0)).ToList();
        var points = new ViewerHistorySnapshot(ChartRange.All[1], at, at.AddDays(-2), steps).With(new DisplayedCount(1)).Series[0].Points;
        Assert.Equal(289, points.Count);
        Assert.Equal(4, points[0].Value);
        Assert.Equal(1439, points[^2].Value);
    }

    [Fact]
    public void A_clock_that_was_set_back_does_no_harm()
    {
        var at = SampleCharts.Now;
        var steps = Enumerable.Range(0, 5).Select(i => new HistoryPoint(at.AddMinutes(10 + i), 9, 9, 0)).ToList();
        var chart = new ViewerHistorySnapshot(Range, at, at.AddHours(3), steps).With(new DisplayedCount(2));
        Assert.Equal(2, Assert.Single(chart.Series[0].Points).Value);
        new ChartRenderer(Drawing.Raster.Painter).Render(chart, new ChartStyle(), ImageFormat.Svg);
    }

    [Fact]
    public void An_unknown_page_has_no_data() =>
        Assert.Empty(new ViewerHistorySnapshot(Range, SampleCharts.Now, null, []).With(new DisplayedCount(0)).Series[0].Points);

    /// <summary>Answers the two questions that charts ask; the cluster's other methods are none of their business.</summary>
    public class StubbornCluster : DispatchProxy
    {
        private int asked;

        public int Asked => asked;

        public bool Fails { get; set; }

        public bool Hangs { get; set; }

        protected override object Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            nameof(ICluster.GetAsync) => new ValueTask<CountStatus>(new CountStatus((CountKey)args![0]!, 0, 0, null, 0, null)),
            nameof(ICluster.GetHistoryAsync) => new ValueTask<IReadOnlyList<HistoryPoint>>(TellAsync((CancellationToken)args![^1]!)),
            _ => throw new NotSupportedException(targetMethod.Name),
        };

        private async Task<IReadOnlyList<HistoryPoint>> TellAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref asked);
            if (Hangs)
            {
                await Wait.ForeverAsync(cancellationToken);
            }

            return Fails ? throw new IOException("The cluster is away.") : [];
        }
    }
}
