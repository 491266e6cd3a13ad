using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using System.Text.Json;
using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Gateway.Operations;
using Counter.Gateway.Tests.Support;
using Counter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Cluster;

/// <summary>A gateway while the cluster does not answer, and afterwards.</summary>
public sealed class OutageTests : UnreliableTest
{
    private const string Page = "http://example.com/a";
    private const string Json = "/online.json?site=example.com&page=/a";

    private readonly TestGateway other = new("other", new CountLimits(1000, 1000, 1000), TimeProvider.System);

    [Fact]
    public async Task Numbers_are_stale_until_the_cluster_answers_again()
    {
        using var viewer = await Gateway.ViewAsync(Page);
        await Gateway.WaitForCountAsync(Page, 1);
        using var fresh = await AskAsync(Json);
        Assert.False(fresh.RootElement.TryGetProperty("stale", out _));
        Assert.Equal(1, Connected());

        Unreliable.Away = true;
        await StaleAsync(true);
        await Gateway.AdvanceUntilAsync(() => Connected() == 0, "the metric to change");
        Assert.Equal("Degraded", await Gateway.Http.GetStringAsync("/health/ready", Stop));
        using var shown = await AskAsync(Json + "&history=hour");
        Assert.Equal((1, 1), (Number(shown, "viewers"), Number(shown, "siteViewers")));
        Assert.All(["peak", "arrivals", "since", "history"], name => Assert.False(shown.RootElement.TryGetProperty(name, out _)));
        using var elsewhere = await AskAsync("/online.json?site=elsewhere.org");
        Assert.Equal(0, Number(elsewhere, "viewers"));
        Assert.True(elsewhere.RootElement.GetProperty("stale").GetBoolean());

        using var list = await AskAsync(Json + "&page=/b");
        Assert.Equal("""{"site":"example.com","pages":{"/a":1,"/b":0},"stale":true}""", list.RootElement.GetRawText());

        // A number alone cannot say so; a picture can.
        using var text = await Gateway.Http.GetAsync("/online.txt?site=elsewhere.org", Stop);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, text.StatusCode);
        Assert.Contains("~0", await Gateway.Http.GetStringAsync("/online.svg?site=elsewhere.org&live=0", Stop), StringComparison.Ordinal);

        Unreliable.Away = false;
        await StaleAsync(false);
        Assert.Equal(1, Connected());
        using var again = await AskAsync(Json);
        Assert.Equal((1, 1), (Number(again, "viewers"), Number(again, "peak")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pushed_numbers_are_marked_as_stale(bool away)
    {
        using var viewer = await Gateway.ViewAsync(Page);
        Unreliable.Away = away;
        await Gateway.AdvanceUntilAsync(() => Connected() == (away ? 0 : 1), "the gateway to detect it");
        using var events = await Gateway.OpenAsync("/online/events?site=example.com&page=/a&watch=1");
        Assert.Contains(
            away ? """data: {"viewers":1,"live":true,"stale":true}""" : """data: {"viewers":1,"live":true}""",
            Encoding.UTF8.GetString(await events.ReadBodyUntilAsync("}\n\n")), StringComparison.Ordinal);
        using var list = await Gateway.OpenAsync("/online/events?site=example.com&page=/a&at=");
        Assert.Contains(
            away ? """data: {"pages":{"/a":1},"live":true,"stale":true}""" : """data: {"pages":{"/a":1},"live":true}""",
            Encoding.UTF8.GetString(await list.ReadBodyUntilAsync("}\n\n")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Totals_rise_with_who_comes_while_the_cluster_is_away_and_not_with_who_comes_back()
    {
        using var events = await Gateway.OpenAsync("/online/events?site=example.com&page=/a&count=arrivals&watch=1");
        using var first = await Gateway.ViewAsync(Page);
        await events.ReadBodyUntilAsync("\"viewers\":1");
        Unreliable.Away = true;
        await StaleAsync(true);
        using var back = await Gateway.ViewAsync(Page, "/online.png?again=1");
        using var second = await Gateway.ViewAsync(Page);
        Assert.EndsWith("data: {\"viewers\":2,\"live\":true,\"stale\":true}\n\n", Encoding.UTF8.GetString(await events.ReadBodyUntilAsync("\"stale\":true}\n\n")), StringComparison.Ordinal);
        Assert.Equal((3, 2), (await Gateway.CountAsync(Page), await Gateway.CountAsync(Page, "&count=arrivals")));
    }

    [Fact]
    public async Task An_answer_without_today_is_stale()
    {
        using var viewer = await Gateway.ViewAsync(Page);
        await Gateway.WaitForCountAsync(Page, 1);
        Unreliable.IsPastAway = true;
        using var json = await AskAsync(Json);
        Assert.True(json.RootElement.GetProperty("stale").GetBoolean());
        Assert.Equal(1, Number(json, "peak"));
        Assert.All(["today", "siteToday"], name => Assert.False(json.RootElement.TryGetProperty(name, out _)));
    }

    [Fact]
    public async Task An_expired_gateway_reports_again_although_the_answer_was_lost()
    {
        using var viewer = await Gateway.ViewAsync(Page);
        await CountedAsync(1);
        Unreliable.Away = true;
        await StaleAsync(true);
        await Gateway.AdvanceForAsync(TimeSpan.FromSeconds(20));
        await CountedAsync(0);
        Unreliable.LoseAnswer();
        Unreliable.Away = false;
        await Gateway.AdvanceUntilAsync(() => !Unreliable.IsLosing, "the answer to get lost");
        await CountedAsync(1);
    }

    [Fact]
    public async Task A_watcher_who_came_during_an_outage_gets_the_number_after_it()
    {
        await other.ReportAsync(Others, new PageKey("example.com", "/a"), 3);
        Unreliable.Away = true;
        using var events = await Gateway.OpenAsync("/online/events?site=example.com&page=/a&watch=1");
        await events.ReadBodyUntilAsync("\"viewers\":0");
        Unreliable.Away = false;
        var shown = events.ReadBodyUntilAsync("\"viewers\":3");
        var from = Clock.GetUtcNow();
        await Gateway.AdvanceUntilAsync(() => shown.IsCompleted, "the viewers of the other gateway");
        Assert.InRange(Clock.GetUtcNow() - from, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_expired_gateway_does_not_subtract_its_viewers_from_totals_without_them(bool notices)
    {
        var page = new PageKey("example.com", "/a");
        using var viewer = await Gateway.ViewAsync(Page);
        await CountedAsync(1);
        await OtherAsync(3);
        await Gateway.AdvanceUntilCountAsync(Page, 4, TimeSpan.FromSeconds(5));
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        (Unreliable.Away, Unreliable.Delays) = notices ? (true, null) : (false, held.Task);

        // The other gateway keeps its lease, and the engine publishes to its listeners.
        for (var i = 0; i < 20; i++)
        {
            await Others.RenewAsync(new GatewayState("other", "", "", DateTimeOffset.UnixEpoch, 0, 0), Stop);
            await Gateway.AdvanceForAsync(TimeSpan.FromSeconds(1));
            Assert.Equal(4, await Gateway.CountAsync(Page));
        }

        await CountedAsync(3);
        await OtherAsync(5);
        await Gateway.AdvanceForAsync(TimeSpan.FromSeconds(1));
        Assert.InRange(await Gateway.CountAsync(Page), 4, 6);
        (Unreliable.Away, Unreliable.Delays) = (false, null);
        held.TrySetResult();
        await Wait.UntilAsync(
            async () =>
            {
                Clock.Advance(TimeSpan.FromMilliseconds(100));
                var shown = await Gateway.CountAsync(Page);
                Assert.InRange(shown, 4, 6);
                return shown == 6;
            },
            "the right number");
        await CountedAsync(6);

        Task OtherAsync(int viewers) => other.ReportAsync(Others, page, viewers);
    }

    private static int Number(JsonDocument json, string name) => json.RootElement.GetProperty(name).GetInt32();

    private async Task<JsonDocument> AskAsync(string path) => JsonDocument.Parse(await Gateway.Http.GetStringAsync(path, Stop));

    private Task StaleAsync(bool stale) => Wait.UntilAsync(
        async () =>
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            using var json = await AskAsync(Json);
            return json.RootElement.TryGetProperty("stale", out _) == stale;
        },
        stale ? "stale numbers" : "numbers that are not stale");

    private Task CountedAsync(int viewers) => Wait.UntilAsync(
        async () =>
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            return (await Engine.GetAsync(CountKey.ForPage(new PageKey("example.com", "/a")), Stop)).Viewers == viewers;
        },
        $"{viewers} viewers in the cluster");

    /// <summary>What the metric says.</summary>
    private int? Connected()
    {
        int? value = null;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "counter.cluster.connected" && instrument.Meter == Gateway.App.Services.GetRequiredService<CounterMetrics>().Meter)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((_, measured, _, _) => value = measured);
        listener.Start();
        listener.RecordObservableInstruments();
        return value;
    }
}
