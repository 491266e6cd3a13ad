using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;
using Counter.Gateway.Monitor.Pictures;
using Counter.Gateway.Monitor.Sampling;
using Counter.Gateway.Operations;
using Counter.Gateway.Streaming;
using Counter.Gateway.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Monitor;

/// <summary>The monitor without script.</summary>
public sealed class PictureTests : MonitorTest
{
    [Fact]
    public async Task Without_script_there_is_one_live_picture_that_counts_no_viewer()
    {
        using var answer = await Person.GetAsync("/monitor?noscript=1");
        var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(html, "<img "));
        using var picture = await ChromiumViewer.OpenAsync(Gateway, "/monitor/chart/sheet.svg", headers: ("Cookie", Person.Cookie!));
        await picture.ReadFrameAsync("image/svg+xml");
        await picture.ReadFrameAsync("image/svg+xml");
        Gateway.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.NotEmpty(await picture.ReadFrameAsync("image/svg+xml"));
        Assert.Equal(0, Gateway.App.Services.GetRequiredService<CounterMetrics>().StreamsOpen);
        Assert.Equal(1, Watching);
        picture.Dispose();
        await Gateway.AdvanceUntilAsync(() => Watching == 0, "nobody to watch");
    }

    [Theory]
    [InlineData("Bearer " + RunningGateway.OperatorKey, HttpStatusCode.OK)]
    [InlineData("Bearer counter_0123456789ab_wrong", HttpStatusCode.Unauthorized)]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    public async Task Programs_get_charts_with_the_operator_s_key(string? key, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/monitor/chart/viewers.svg?live=0");
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", key);
        }

        using var answer = await Gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK ? "image/svg+xml" : "application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task The_sheet_escapes_all_values()
    {
        using var viewer = await Gateway.ViewAsync("http://example.com/a?x=<b>&y=%22'\u202e");
        using var socket = await Person.WatchAsync();
        await Person.HearAsync(socket, m => m.TryGetProperty("busiest", out var pages) && pages.GetArrayLength() > 0, "a busy page");
        foreach (var columns in new[] { 1, 2 })
        {
            using var answer = await Person.GetAsync($"/monitor/chart/sheet.svg?live=0&columns={columns}");
            var svg = XDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Contains(svg.Descendants(), e => e.Name.LocalName == "text" && e.Value.StartsWith("example.com/a", StringComparison.Ordinal));
            Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName is "b" or "script" or "image" or "foreignObject");
            Assert.Equal("same-origin", answer.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        }
    }

    [Fact]
    public void Waiting_for_disks_and_for_the_host_is_summed()
    {
        var sample = new Sample { At = Gateway.Clock.GetUtcNow(), Wait = 1.25, Steal = 20.5 };
        var sheet = DashboardImage.Draw(
            MonitorImageKey.Read(MonitorImageKey.Sheet, "svg", QueryCollection.Empty, out _)!.Value, [sample], [],
            Gateway.App.Services.GetRequiredService<ChartRenderer>(), sample.At, live: true);
        var svg = XDocument.Parse(Encoding.UTF8.GetString(sheet.Image.Span));
        Assert.Contains(svg.Descendants(), e => e.Name.LocalName == "text" && e.Value == "21.8%");
    }

    [Fact]
    public async Task Streams_that_end_together_get_one_last_picture()
    {
        var feeds = Gateway.App.Services.GetRequiredService<MonitorImageFeeds>();
        var cpu = MonitorImageKey.Read("cpu", "svg", QueryCollection.Empty, out _)!.Value;
        var memory = MonitorImageKey.Read("memory", "svg", QueryCollection.Empty, out _)!.Value;
        using var over = new CancellationTokenSource();
        var watching = new[] { cpu, cpu, memory }.Select(key => (Key: key, Stream: new Album(Gateway.Clock))).ToList();
        var running = watching.Select(one => feeds.RunAsync(one.Key, one.Stream, over.Token)).ToList();
        await over.CancelAsync();
        await Task.WhenAll(running);
        var last = watching.ConvertAll(one => one.Stream.Frames[^1]);
        Assert.Same(last[0], last[1]);
        Assert.NotSame(last[0], last[2]);
        Assert.NotSame(last[0], watching[0].Stream.Frames[0]);

        // A second later it is another one.
        using var later = new CancellationTokenSource();
        var album = new Album(Gateway.Clock);
        var late = feeds.RunAsync(cpu, album, later.Token);
        var samples = Gateway.App.Services.GetRequiredService<SampleHistory>();
        var before = samples.Take().Length;
        await Gateway.AdvanceUntilAsync(() => samples.Take().Length > before, "a sample");
        await later.CancelAsync();
        await late;
        Assert.NotSame(last[0], album.Frames[^1]);
    }

    [Theory]
    [InlineData("none.svg")]
    [InlineData("cpu.gif")]
    [InlineData("sheet.png")]
    [InlineData("cpu.png?theme=auto")]
    [InlineData("cpu.svg?theme=blue")]
    [InlineData("sheet.svg?columns=3")]
    [InlineData("..%2f..%2fetc%2fpasswd.svg")]
    public async Task Unknown_pictures_are_refused(string picture) =>
        Assert.Equal(HttpStatusCode.BadRequest, await Person.StatusAsync("/monitor/chart/" + picture));

    [Fact]
    public async Task Every_chart_has_a_picture_of_its_own()
    {
        foreach (var name in MonitorCharts.Names)
        {
            foreach (var (format, type) in new[] { ("png", "image/png"), ("svg", "image/svg+xml") })
            {
                using var answer = await Person.GetAsync($"/monitor/chart/{name}.{format}?live=0&theme=dark");
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
            }
        }
    }

    /// <summary>A stream that keeps what it is shown.</summary>
    private sealed class Album(TimeProvider clock) : LiveStream(clock, metrics: null)
    {
        public List<Frame> Frames { get; } = [];

        public override CancellationToken Aborted => CancellationToken.None;

        protected override ValueTask<bool> WriteAsync(Frame frame, bool last)
        {
            Frames.Add(frame);
            return ValueTask.FromResult(true);
        }

        protected override void Abort()
        {
        }
    }
}
