using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Numbers;

/// <summary>The numbers for scripts.</summary>
public sealed class NumberTests : IAsyncLifetime
{
    private const string Page = "http://example.com/a";
    private const string Query = "?site=example.com&page=/a";
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private RunningGateway gateway = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => gateway = await RunningGateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task JSON_has_the_numbers_of_page_and_site()
    {
        using var here = await gateway.ViewAsync(Page);
        using var there = await gateway.ViewAsync("http://example.com/b");
        await gateway.WaitForCountAsync("http://example.com/b", 1);
        await gateway.WaitForCountAsync(Page, 1);
        using var json = JsonDocument.Parse(await gateway.Http.GetStringAsync("/online.json" + Query, Cancelled));
        Assert.Equal("example.com", json.RootElement.GetProperty("site").GetString());
        Assert.Equal("/a", json.RootElement.GetProperty("page").GetString());
        Assert.Equal(1, json.RootElement.GetProperty("viewers").GetInt32());
        Assert.Equal(2, json.RootElement.GetProperty("siteViewers").GetInt32());
        Assert.False(json.RootElement.TryGetProperty("history", out _));
    }

    [Fact]
    public async Task History_is_included_on_request_and_a_wrong_step_is_refused()
    {
        using var viewer = await gateway.ViewAsync(Page);
        await gateway.WaitForCountAsync(Page, 1);
        await Wait.UntilAsync(
            async () =>
            {
                gateway.Clock.Advance(TimeSpan.FromSeconds(10));
                using var json = JsonDocument.Parse(await gateway.Http.GetStringAsync("/online.json" + Query + "&history=minute", Cancelled));
                return json.RootElement.GetProperty("history").EnumerateArray().Any(point => point.GetProperty("peak").GetInt32() == 1);
            },
            "the history to show a viewer");
        using var wrong = await gateway.Http.GetAsync("/online.json" + Query + "&history=century", Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task A_translated_page_counts_for_the_original_and_an_archived_one_does_not()
    {
        using var translated = await gateway.ViewAsync("https://example-com.translate.goog/a?_x_tr_sl=en", agent: "one");
        await gateway.WaitForCountAsync(Page, 1);
        using var archived = await gateway.ViewAsync("https://web.archive.org/web/2020/http://example.com/a", "/online.png" + Query, "two");
        await archived.ReadPreambleAsync();
        await archived.ReadFrameAsync();
        Assert.Equal(1, await gateway.CountAsync(Page));
    }

    [Theory]
    [InlineData("/online.json" + Query)]
    [InlineData("/online.txt" + Query)]
    [InlineData("/online/events" + Query)]
    [InlineData("/openapi/v1.json")]
    [InlineData("/robots.txt")]
    [InlineData("/favicon.ico")]
    [InlineData("/api/v1/totals")]
    public async Task HEAD_is_answered_wherever_GET_is(string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, address);
        request.Headers.Authorization = new("Bearer", RunningGateway.OperatorKey);
        using var answer = await gateway.Http.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.NotNull(answer.Content.Headers.ContentType);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Cancelled));
        Assert.Equal(0, await gateway.CountAsync(Page));
    }

    [Theory]
    [InlineData("/online.png?site=example.com&page=/a&live=banana", "live")]
    [InlineData("/online.png?site=example.com&page=/a&watch=banana", "watch")]
    [InlineData("/online/chart.svg?site=example.com&page=/a&live=2", "live")]
    [InlineData("/react/like.svg?site=example.com&page=/a&options=A,B&live=no", "live")]
    [InlineData("/online/events?site=example.com&page=/a&watch=yes", "watch")]
    [InlineData("/online.json?site=example.com&page=/a&explain=please", "explain")]
    [InlineData("/preview.png?n=1&stale=x", "stale")]
    public async Task A_flag_other_than_0_or_1_is_refused(string address, string parameter)
    {
        using var answer = await gateway.Http.GetAsync(address, Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"{parameter}: 1 or 0.", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/online.png" + Query + "&live=0")]
    [InlineData("/preview.png?n=3")]
    [InlineData("/online/chart.png" + Query + "&live=0")]
    [InlineData("/react/like.svg" + Query + "&options=A,B&live=0")]
    public async Task Any_origin_may_read_pictures(string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add("Origin", "https://example.com");
        using var answer = await gateway.Http.SendAsync(request, Cancelled);
        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Theory]
    [InlineData("/online.json")]
    [InlineData("/online.txt")]
    [InlineData("/online/events")]
    public async Task Any_origin_may_read_numbers(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path + Query);
        request.Headers.Add("Origin", "https://example.com");
        using var answer = await gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Fact]
    public async Task An_event_stream_gets_every_change_and_counts_as_a_viewer()
    {
        using var events = await gateway.OpenAsync("/online/events" + Query, "Accept: text/event-stream");
        Assert.Contains("Content-Type: text/event-stream\r\n", events.Head, StringComparison.Ordinal);
        Assert.Matches("^retry: [23][0-9]{3}\n\nid: 1\ndata: {\"viewers\":1,\"live\":true}\n\n$", Encoding.UTF8.GetString(await events.ReadBodyUntilAsync("}\n\n")));
        gateway.Clock.Advance(Pace);
        using var viewer = await gateway.ViewAsync(Page);
        Assert.Equal("data: {\"viewers\":2,\"live\":true}\n\n", Encoding.UTF8.GetString(await events.ReadBodyUntilAsync("}\n\n")));
        await gateway.StopAsync();
        Assert.Contains("\"live\":false", Encoding.UTF8.GetString(await events.ReadToEndAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_gets_every_change_and_is_closed_properly()
    {
        using var socket = await ConnectAsync(Query);
        Assert.Equal("{\"viewers\":1,\"live\":true}", await ReceiveAsync(socket));
        gateway.Clock.Advance(Pace);
        using (await gateway.ViewAsync(Page))
        {
            Assert.Equal("{\"viewers\":2,\"live\":true}", await ReceiveAsync(socket));
        }

        // What a peer says is ignored, however much it is.
        await socket.SendAsync(new byte[100_000], WebSocketMessageType.Binary, endOfMessage: true, Cancelled);
        await gateway.WaitForCountAsync(Page, 1);
        gateway.Clock.Advance(Pace);
        Assert.Equal("{\"viewers\":1,\"live\":true}", await ReceiveAsync(socket));

        var stopping = gateway.StopAsync();
        Assert.Equal("{\"viewers\":1,\"live\":false}", await ReceiveAsync(socket));
        Assert.Equal("", await ReceiveAsync(socket));
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Cancelled);
        await stopping;
    }

    [Fact]
    public async Task A_closed_socket_is_not_counted()
    {
        using (var socket = await ConnectAsync(Query))
        {
            await gateway.WaitForCountAsync(Page, 1);
        }

        await gateway.WaitForCountAsync(Page, 0);
    }

    [Fact]
    public async Task A_script_that_watches_is_not_counted()
    {
        using var socket = await ConnectAsync(Query + "&watch=1");
        Assert.Equal("{\"viewers\":0,\"live\":true}", await ReceiveAsync(socket));
        using var events = await gateway.OpenAsync("/online/events" + Query + "&watch=1");
        Assert.Equal(0, await gateway.CountAsync(Page));
    }

    [Fact]
    public async Task The_socket_address_explains_itself_without_an_upgrade()
    {
        using var answer = await gateway.Http.GetAsync("/online/ws" + Query, Cancelled);
        Assert.Equal(HttpStatusCode.UpgradeRequired, answer.StatusCode);
    }

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[256];
        var received = await socket.ReceiveAsync(buffer, Cancelled);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }

    private async Task<ClientWebSocket> ConnectAsync(string query)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(gateway.Address.ToString().Replace("http", "ws", StringComparison.Ordinal) + "online/ws" + query), Cancelled);
        return socket;
    }
}
