using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Counter.Gateway.Monitor;
using Counter.Gateway.Monitor.Pictures;
using Counter.Gateway.Operations;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Monitor;

/// <summary>The monitor without script.</summary>
public sealed class PictureTests : IAsyncLifetime
{
    private RunningGateway gateway = null!;
    private Operator person = null!;

    private int Watching => gateway.App.Services.GetRequiredService<Watchers>().Count;

    public async ValueTask InitializeAsync()
    {
        gateway = await RunningGateway.StartAsync();
        person = await Operator.SignInAsync(gateway);
    }

    public async ValueTask DisposeAsync()
    {
        person.Dispose();
        await gateway.DisposeAsync();
    }

    [Fact]
    public async Task Without_script_there_is_one_live_picture_that_is_nobody()
    {
        using var answer = await person.GetAsync("/monitor?noscript=1");
        var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(html, "<img "));
        using var picture = await gateway.OpenAsync("/monitor/chart/sheet.svg", "Cookie: " + person.Cookie, "User-Agent: Mozilla/5.0 Chrome/156");
        await picture.ReadPreambleAsync("image/svg+xml");
        await picture.ReadFrameAsync("image/svg+xml");
        gateway.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.NotEmpty(await picture.ReadFrameAsync("image/svg+xml"));
        Assert.Equal(0, gateway.App.Services.GetRequiredService<CounterMetrics>().StreamsOpen);
        Assert.Equal(1, Watching);
        picture.Dispose();
        await gateway.AdvanceUntilAsync(() => Watching == 0, "nobody to watch");
    }

    [Fact]
    public async Task The_sheet_is_markup_of_ours_only()
    {
        using var viewer = await gateway.LookAsync("http://example.com/a?x=<b>&y=%22'\u202e");
        using var socket = await person.WatchAsync();
        await person.HearAsync(socket, m => m.TryGetProperty("busiest", out var pages) && pages.GetArrayLength() > 0, "a busy page");
        foreach (var columns in new[] { 1, 2 })
        {
            using var answer = await person.GetAsync($"/monitor/chart/sheet.svg?live=0&columns={columns}");
            var svg = XDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Contains(svg.Descendants(), e => e.Name.LocalName == "text" && e.Value.StartsWith("example.com/a", StringComparison.Ordinal));
            Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName is "b" or "script" or "image" or "foreignObject");
            Assert.Equal("same-origin", answer.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        }
    }

    [Theory]
    [InlineData("none.svg")]
    [InlineData("cpu.gif")]
    [InlineData("sheet.png")]
    [InlineData("cpu.png?theme=auto")]
    [InlineData("cpu.svg?theme=blue")]
    [InlineData("sheet.svg?columns=3")]
    [InlineData("..%2f..%2fetc%2fpasswd.svg")]
    public async Task Pictures_that_do_not_exist_are_refused(string picture) =>
        Assert.Equal(HttpStatusCode.BadRequest, await person.StatusAsync("/monitor/chart/" + picture));

    [Fact]
    public async Task Every_chart_can_be_seen_alone()
    {
        foreach (var name in MonitorCharts.Names)
        {
            foreach (var (format, type) in new[] { ("png", "image/png"), ("svg", "image/svg+xml") })
            {
                using var answer = await person.GetAsync($"/monitor/chart/{name}.{format}?live=0&theme=dark");
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
            }
        }
    }
}
