using System.Net;
using System.Text;
using System.Text.Json;
using Counter.Gateway.Tests.Support;
using Counter.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Numbers;

/// <summary>Totals as live pictures and for scripts.</summary>
public sealed class TotalTests : IAsyncLifetime
{
    private const string Page = "http://example.com/a";
    private const string Query = "?site=example.com&page=/a";
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    // Ten seconds before midnight of UTC, and before a quarter to six in Kathmandu.
    private readonly ManualTimeProvider clock = new(new DateTimeOffset(2026, 3, 1, 23, 59, 50, TimeSpan.Zero));

    private RunningGateway gateway = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => gateway = await RunningGateway.StartAsync(log: null, clock, replace: null);

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData("count=arrivals", "png")]
    [InlineData("count=today", "svg")]
    [InlineData("count=today&tz=Asia/Kathmandu", "webp")]
    [InlineData("count=arrivals&of=site&style=badge", "jpg")]
    [InlineData("count=today&of=site&style=pill", "png")]
    [InlineData("count=arrivals&style=digits", "svg")]
    public async Task A_viewer_of_a_total_is_included_at_once(string query, string format)
    {
        var type = format switch { "jpg" => "image/jpeg", "svg" => "image/svg+xml", _ => "image/" + format };
        using var first = await gateway.ViewAsync(Page, $"/online.{format}?{query}");
        await first.ReadPreambleAsync(type);
        Assert.Equal(await gateway.PreviewAsync("n=1&" + query, format), await first.ReadFrameAsync(type));

        clock.Advance(Pace);
        using (var second = await gateway.ViewAsync(Page, $"/online.{format}?{query}"))
        {
            await second.ReadPreambleAsync(type);
            Assert.Equal(await gateway.PreviewAsync("n=2&" + query, format), await second.ReadFrameAsync(type));
            Assert.Equal(await gateway.PreviewAsync("n=2&" + query, format), await first.ReadFrameAsync(type));
        }

        // Who goes came all the same.
        await gateway.WaitForCountAsync(Page, 1);
        Assert.Equal(2, await gateway.CountAsync(Page, "&" + query));
    }

    [Fact]
    public async Task A_frame_that_reconnects_is_no_new_arrival()
    {
        using (var frame = await gateway.ViewAsync(Page, "/online.png?count=arrivals&visit=1", "one"))
        {
            await frame.ReadPreambleAsync();
        }

        await gateway.WaitForCountAsync(Page, 0);
        using var again = await gateway.ViewAsync(Page, "/online.png?count=arrivals&visit=1&again=1", "one");
        await again.ReadPreambleAsync();
        Assert.Equal(await gateway.PreviewAsync("n=1&count=arrivals"), await again.ReadFrameAsync());
        Assert.Equal((1, 1), (await gateway.CountAsync(Page), await gateway.CountAsync(Page, "&count=arrivals")));
    }

    [Fact]
    public async Task An_EventSource_that_reconnects_is_no_other_arrival()
    {
        string[] reader = ["User-Agent: Mozilla/5.0 one", "Accept: text/event-stream"];
        using (var events = await gateway.OpenAsync("/online/events" + Query + "&count=arrivals", reader))
        {
            Assert.EndsWith("\n\nid: 1\ndata: {\"viewers\":1,\"live\":true}\n\n", await ReadAsync(events), StringComparison.Ordinal);
        }

        await gateway.WaitForCountAsync(Page, 0);
        using var again = await gateway.OpenAsync("/online/events" + Query + "&count=arrivals", [.. reader, "Last-Event-ID: 1"]);
        Assert.Contains("{\"viewers\":1,\"live\":true}", await ReadAsync(again), StringComparison.Ordinal);
        Assert.Equal((1, 1), (await gateway.CountAsync(Page), await gateway.CountAsync(Page, "&count=arrivals")));
    }

    [Fact]
    public async Task A_peak_rises_with_the_viewers_and_never_falls()
    {
        using var events = await gateway.OpenAsync("/online/events" + Query + "&count=peak&watch=1");
        Assert.Contains("data: {\"viewers\":0,\"live\":true}", await ReadAsync(events), StringComparison.Ordinal);
        using (await gateway.ViewAsync(Page))
        {
            Assert.Equal("data: {\"viewers\":1,\"live\":true}\n\n", await ReadAsync(events));
            clock.Advance(Pace);
            using (await gateway.ViewAsync(Page))
            {
                Assert.Equal("data: {\"viewers\":2,\"live\":true}\n\n", await ReadAsync(events));
            }
        }

        await gateway.WaitForCountAsync(Page, 0);
        Assert.Equal((2, 2), (await gateway.CountAsync(Page, "&count=peak"), await gateway.CountAsync(Page, "&count=peak&of=site")));
    }

    [Fact]
    public async Task Today_falls_to_zero_at_midnight_of_the_requested_zone()
    {
        using var utc = await gateway.OpenAsync("/online/events" + Query + "&count=today&watch=1");
        using var kathmandu = await gateway.OpenAsync("/online/events" + Query + "&count=today&tz=Asia/Kathmandu&watch=1");
        Assert.Contains("{\"viewers\":0", await ReadAsync(utc), StringComparison.Ordinal);
        Assert.Contains("{\"viewers\":0", await ReadAsync(kathmandu), StringComparison.Ordinal);
        using var viewer = await gateway.ViewAsync(Page);
        Assert.Contains("{\"viewers\":1", await ReadAsync(utc), StringComparison.Ordinal);
        Assert.Contains("{\"viewers\":1", await ReadAsync(kathmandu), StringComparison.Ordinal);
        var midnight = ReadAsync(utc);
        await gateway.AdvanceUntilAsync(() => midnight.IsCompleted, "the day to end");
        Assert.Contains("{\"viewers\":0", await midnight, StringComparison.Ordinal);
        Assert.InRange(clock.GetUtcNow(), new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 3, 2, 0, 0, 5, TimeSpan.Zero));
        Assert.Equal((0, 1), (await gateway.CountAsync(Page, "&count=today"), await gateway.CountAsync(Page, "&count=today&tz=Asia/Kathmandu")));
        using var after = await gateway.ViewAsync(Page);
        Assert.Contains("{\"viewers\":1", await ReadAsync(utc), StringComparison.Ordinal);
        Assert.Contains("{\"viewers\":2", await ReadAsync(kathmandu), StringComparison.Ordinal);
    }

    [Fact]
    public async Task JSON_has_all_totals()
    {
        using var here = await gateway.ViewAsync(Page);
        using var there = await gateway.ViewAsync("http://example.com/b");
        await Wait.UntilAsync(async () => await gateway.CountAsync(Page, "&count=arrivals&of=site") == 2, "both to be counted");
        using var json = JsonDocument.Parse(await gateway.Http.GetStringAsync("/online.json" + Query + "&tz=Asia/Kathmandu", Cancelled));
        Assert.Equal((1, 1, 1), (Read("peak"), Read("arrivals"), Read("today")));
        Assert.Equal((2, 2, 2), (Read("sitePeak"), Read("siteArrivals"), Read("siteToday")));

        int Read(string name) => json.RootElement.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task A_reset_total_is_sent()
    {
        using var events = await gateway.OpenAsync("/online/events" + Query + "&count=arrivals&watch=1");
        await ReadAsync(events);
        using var viewer = await gateway.ViewAsync(Page);
        Assert.Contains("{\"viewers\":1", await gateway.AdvanceUntilAsync(ReadAsync(events), "the number"), StringComparison.Ordinal);

        // The presence publishes it before the page has the report, which would count after the reset.
        await Wait.UntilAsync(
            async () => (await gateway.Http.GetStringAsync("/online.json" + Query, Cancelled)).Contains("\"arrivals\":1", StringComparison.Ordinal), "the page to be reported");
        clock.Advance(Pace);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/sites/example.com/reset");
        request.Headers.Authorization = new("Bearer", RunningGateway.OperatorKey);
        using var answer = await gateway.Http.SendAsync(request, Cancelled);
        Assert.True(answer.IsSuccessStatusCode);
        Assert.Contains("{\"viewers\":0", await gateway.AdvanceUntilAsync(ReadAsync(events), "the number"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("count=ever", "count")]
    [InlineData("count=today&tz=Mars/Olympus", "tz")]
    [InlineData("count=today&tz=../../etc/passwd", "tz")]
    [InlineData("tz=right/Europe/Berlin", "tz")]
    [InlineData("count=peak&of=world", "of")]
    public async Task A_refusal_names_the_invalid_parameter(string query, string name)
    {
        foreach (var path in new[] { "/online.png", "/online.json", "/online.txt", "/online/events", "/online/chart.svg" })
        {
            using var answer = await gateway.Http.GetAsync($"{path}{Query}&{query}", Cancelled);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains($"\"errors\":{{\"{name}\":[", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_chart_of_a_total_is_refused()
    {
        using var answer = await gateway.Http.GetAsync("/online/chart.svg" + Query + "&count=arrivals", Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static async Task<string> ReadAsync(RawClient events) => Encoding.UTF8.GetString(await events.ReadBodyUntilAsync("}\n\n"));
}
