using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Counter.Gateway.Operations;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Numbers;

/// <summary>The numbers of several pages in one answer, and in one stream.</summary>
public sealed class PageListTests : IAsyncLifetime
{
    private const string Two = "?site=example.com&page=/a&page=/b";

    private RunningGateway gateway = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private CounterMetrics Metrics => gateway.App.Services.GetRequiredService<CounterMetrics>();

    public async ValueTask InitializeAsync() => gateway = await RunningGateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task A_list_of_fifty_pages_uses_one_connection_and_shows_changes_within_a_second()
    {
        var topics = Enumerable.Range(1, 50).Select(i => $"/topic/{i}").ToList();
        var query = "?site=example.com" + Pages(topics);
        using var index = await gateway.OpenAsync("/online/events" + query);
        var shown = await ReadAsync(index, []);
        Assert.Equal(topics, shown.Keys);
        Assert.All(shown.Values, viewers => Assert.Equal(0, viewers));
        Assert.Equal(1, Metrics.StreamsOpen);

        var readers = new List<RawClient>();
        try
        {
            foreach (var topic in topics)
            {
                readers.Add(await gateway.ViewAsync("http://example.com" + topic));
                await AssertRightAsync(topic, 1);
            }

            foreach (var topic in topics.Take(5))
            {
                readers[topics.IndexOf(topic)].Dispose();
                await AssertRightAsync(topic, 0);
            }
        }
        finally
        {
            readers.ForEach(reader => reader.Dispose());
        }

        async Task AssertRightAsync(string topic, int viewers)
        {
            var changed = gateway.Clock.GetUtcNow();
            while (shown[topic] != viewers)
            {
                await gateway.BeginAsync(() => ReadAsync(index, shown));
            }

            Assert.InRange(gateway.Clock.GetUtcNow() - changed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
            using var json = JsonDocument.Parse(await gateway.Http.GetStringAsync("/online.json" + query, Cancelled));
            Assert.Equal(json.RootElement.GetProperty("pages").EnumerateObject().ToDictionary(page => page.Name, page => page.Value.GetInt32()), shown);
        }
    }

    [Fact]
    public async Task Pages_keep_their_names_from_the_request()
    {
        using var viewer = await gateway.ViewAsync("http://example.com/a");
        await gateway.WaitForCountAsync("http://example.com/a", 1);
        const string Query = "?site=example.com&page=/a&page=/b&page=/a/%3Futm_source=x&page=caf%C3%A9";
        Assert.Equal(
            """{"site":"example.com","pages":{"/a":1,"/b":0,"/a/?utm_source=x":1,"caf\u00E9":0}}""",
            await gateway.Http.GetStringAsync("/online.json" + Query, Cancelled));
        using var events = await gateway.OpenAsync("/online/events" + Query);
        Assert.EndsWith(
            "data: {\"pages\":{\"/a\":1,\"/b\":0,\"/a/?utm_source=x\":1,\"caf\\u00E9\":0},\"live\":true}\n\n",
            Encoding.UTF8.GetString(await events.ReadBodyUntilAsync("}\n\n")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_counts_a_viewer_on_its_own_page_only()
    {
        using var nowhere = await gateway.OpenAsync("/online/events" + Two);
        Assert.Equal(new() { ["/a"] = 0, ["/b"] = 0 }, await ReadAsync(nowhere, []));
        using var watching = await gateway.OpenAsync("/online/events" + Two + "&at=/b&watch=1");
        Assert.Equal(new() { ["/a"] = 0, ["/b"] = 0 }, await ReadAsync(watching, []));
        using var one = await gateway.OpenAsync("/online/events?site=example.com&page=/b&at=");
        Assert.Equal(new() { ["/b"] = 0 }, await ReadAsync(one, []));
        using var here = await gateway.OpenAsync("/online/events" + Two + "&at=/b/");
        Assert.Equal(new() { ["/a"] = 0, ["/b"] = 1 }, await ReadAsync(here, []));
        Assert.Equal(new() { ["/b"] = 1 }, await gateway.BeginAsync(() => ReadAsync(nowhere, [])));
        here.Dispose();
        await gateway.WaitForCountAsync("http://example.com/b", 0);
    }

    [Fact]
    public async Task A_socket_gets_all_numbers_then_changes_and_all_at_the_end()
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(gateway.Address.ToString().Replace("http", "ws", StringComparison.Ordinal) + "online/ws" + Two + "&at=/a"), Cancelled);
        Assert.Equal("""{"pages":{"/a":1,"/b":0},"live":true}""", await gateway.BeginAsync(ReceiveAsync));
        using var viewer = await gateway.ViewAsync("http://example.com/b");
        Assert.Equal("""{"pages":{"/b":1},"live":true}""", await gateway.BeginAsync(ReceiveAsync));
        var stopping = gateway.StopAsync();
        Assert.Equal("""{"pages":{"/a":1,"/b":1},"live":false}""", await ReceiveAsync());
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancelled);
        await stopping;

        async Task<string> ReceiveAsync()
        {
            var buffer = new byte[256];
            var received = await socket.ReceiveAsync(buffer, Cancelled);
            return Encoding.UTF8.GetString(buffer, 0, received.Count);
        }
    }

    [Fact]
    public async Task After_a_time_without_changes_all_numbers_are_sent_again()
    {
        using var events = await gateway.OpenAsync("/online/events" + Two);
        await ReadAsync(events, []);
        using var viewer = await gateway.ViewAsync("http://example.com/b");
        Assert.Equal(new() { ["/b"] = 1 }, await gateway.BeginAsync(() => ReadAsync(events, [])));
        var again = ReadAsync(events, []);
        await gateway.AdvanceUntilAsync(() => again.IsCompleted, TimeSpan.FromSeconds(1), "all numbers again");
        Assert.Equal(new() { ["/a"] = 0, ["/b"] = 1 }, await again);
    }

    [Fact]
    public async Task A_list_counts_as_one_stream_and_a_full_page_refuses_it()
    {
        await using var narrow = await RunningGateway.StartAsync("--Limits:Streams=2", "--Limits:StreamsPerPage=1", "--Limits:NewPagesPerMinute=110", "--Limits:ExemptPrivateAddresses=false");
        var hundred = "?site=example.com" + Pages(Enumerable.Range(1, 100).Select(i => $"/{i}"));
        using var list = await narrow.OpenAsync("/online/events" + hundred);
        Assert.Equal(100, (await ReadAsync(list, [])).Count);
        using var other = await narrow.OpenAsync("/online/events" + Two);
        Assert.Equal(200, other.Status);
        other.Dispose();

        // An EventSource never asks again after an error.
        using var source = await narrow.OpenAsync("/online/events?site=example.com&page=/100&page=/101", "Accept: text/event-stream");
        Assert.EndsWith("data: {\"pages\":{\"/100\":0,\"/101\":0},\"live\":false}\n\n", Encoding.UTF8.GetString(await source.ReadToEndAsync()), StringComparison.Ordinal);
        using var program = await narrow.OpenAsync("/online/events?site=example.com&page=/100&page=/101");
        Assert.Equal(503, program.Status);
    }

    [Fact]
    public async Task Each_page_of_a_list_counts_towards_the_limit_of_new_pages()
    {
        await using var narrow = await RunningGateway.StartAsync("--Limits:NewPagesPerMinute=50", "--Limits:ExemptPrivateAddresses=false");
        using var refused = await narrow.OpenAsync("/online/events?site=example.com" + Pages(Enumerable.Range(1, 100).Select(i => $"/{i}")));
        Assert.Equal(429, refused.Status);
        using var later = await narrow.OpenAsync("/online/events?site=example.com&page=/a");
        Assert.Equal(429, later.Status);
    }

    [Fact]
    public async Task The_feeds_of_a_list_are_removed_with_it()
    {
        using (var events = await gateway.OpenAsync("/online/events" + Two))
        {
            await ReadAsync(events, []);
        }

        await Wait.UntilAsync(() => gateway.App.Services.GetRequiredService<Counter.Gateway.Streaming.Feeds>().All.Count == 0, "the feeds to end");
        Assert.Equal(0, Metrics.StreamsOpen);
    }

    [Theory]
    [InlineData("?site=example.com&page=/a&page=", "page")]
    [InlineData("?site=example.com&at=/a", "page")]
    [InlineData("?page=http://a.example/a&page=http://b.example/b", "page")]
    [InlineData("?site=a:b:c&page=/a&page=/b", "site")]
    [InlineData(Two + "&at=/c", "at")]
    [InlineData(Two + "&count=site", "count")]
    [InlineData(Two + "&count=all", "count")]
    [InlineData(Two + "&watch=yes", "watch")]
    public async Task Invalid_input_is_refused_with_a_sentence(string query, string parameter)
    {
        foreach (var path in new[] { "/online.json", "/online/events" })
        {
            using var answer = await gateway.Http.GetAsync(path + query, Cancelled);
            await AssertRefusedAsync(answer, parameter);
        }

        using var socket = await gateway.OpenAsync(
            "/online/ws" + query, "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
        Assert.Equal(400, socket.Status);
    }

    [Fact]
    public async Task A_list_has_at_most_a_hundred_pages()
    {
        var hundred = "/online.json?site=example.com" + Pages(Enumerable.Range(1, 100).Select(i => $"/{i}"));
        using var json = JsonDocument.Parse(await gateway.Http.GetStringAsync(hundred + "&page=/1/&page=/100", Cancelled));
        Assert.Equal(101, json.RootElement.GetProperty("pages").EnumerateObject().Count());
        using var answer = await gateway.Http.GetAsync(hundred + "&page=/101", Cancelled);
        await AssertRefusedAsync(answer, "page");
    }

    [Theory]
    [InlineData("&history=hour", "history")]
    [InlineData("&explain=1", "explain")]
    public async Task Parameters_of_a_single_page_are_refused(string more, string parameter)
    {
        using var answer = await gateway.Http.GetAsync("/online.json" + Two + more, Cancelled);
        await AssertRefusedAsync(answer, parameter);
    }

    [Fact]
    public async Task Pictures_and_text_use_the_last_page()
    {
        using var viewer = await gateway.ViewAsync("http://example.com/", "/online.png?page=/a&page=/b");
        await gateway.WaitForCountAsync("http://example.com/b", 1);
        Assert.Equal("1\n", await gateway.Http.GetStringAsync("/online.txt" + Two, Cancelled));
        Assert.Equal("0\n", await gateway.Http.GetStringAsync("/online.txt?site=example.com&page=/b&page=/a", Cancelled));
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage answer, string parameter)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal(parameter, problem.RootElement.GetProperty("errors").EnumerateObject().Single().Name);
    }

    private static string Pages(IEnumerable<string> paths) => string.Concat(paths.Select(path => "&page=" + path));

    /// <summary>Reads the next event, and takes its numbers over.</summary>
    private static async Task<Dictionary<string, int>> ReadAsync(RawClient events, Dictionary<string, int> shown)
    {
        var text = Encoding.UTF8.GetString(await events.ReadBodyUntilAsync("}\n\n"));
        using var message = JsonDocument.Parse(text[(text.IndexOf("data: ", StringComparison.Ordinal) + 6)..]);
        Assert.True(message.RootElement.GetProperty("live").GetBoolean());
        foreach (var page in message.RootElement.GetProperty("pages").EnumerateObject())
        {
            shown[page.Name] = page.Value.GetInt32();
        }

        return shown;
    }
}
