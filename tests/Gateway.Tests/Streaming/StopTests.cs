using System.Net;
using System.Net.WebSockets;
using System.Text;
using Counter.Gateway.Streaming;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Streaming;

/// <summary>Streams at a shutdown.</summary>
public sealed class StopTests
{
    private const string Page = "http://example.com/a";
    private const string Json = "/online.json?site=example.com&page=/a";

    [Fact]
    public async Task Every_stream_ends_with_a_last_frame_marked_as_not_live()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var last = await gateway.PreviewAsync("n=1&stale=1");
        using var viewer = await gateway.ViewAsync(Page);
        await viewer.ReadPreambleAsync();
        await viewer.ReadFrameAsync();

        var stopping = gateway.StopAsync();
        var rest = await viewer.ReadToEndAsync();
        Assert.Equal([.. last, .. Encoding.ASCII.GetBytes("\r\n--counter-frame--\r\n")], rest);
        await stopping;
    }

    [Fact]
    public async Task During_shutdown_the_gateway_is_not_ready_and_new_requests_get_a_still()
    {
        await using var gateway = await RunningGateway.StartAsync("--Streaming:DrainSeconds=3600");
        using var viewer = await gateway.ViewAsync(Page);
        await viewer.ReadPreambleAsync();
        await viewer.ReadFrameAsync();
        using (var before = await gateway.Http.GetAsync("/health/ready"))
        {
            Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        }

        // The clock stands still, so the drain waits.
        var stopping = gateway.App.StopAsync(TestContext.Current.CancellationToken);
        await Wait.UntilAsync(
            async () =>
            {
                using var ready = await gateway.Http.GetAsync("/health/ready");
                return ready.StatusCode == HttpStatusCode.ServiceUnavailable;
            },
            "not ready");
        using (var live = await gateway.Http.GetAsync("/health/live"))
        {
            Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        }

        using var late = await gateway.ViewAsync(Page);
        Assert.Contains("Content-Type: image/png\r\n", late.Head, StringComparison.Ordinal);
        Assert.False(stopping.IsCompleted);
    }

    [Fact]
    public async Task All_streams_of_a_page_end_with_the_number_at_the_start_of_shutdown()
    {
        // The test's clock may run ahead of what is being written.
        await using var gateway = await RunningGateway.StartAsync("--Streaming:DrainSeconds=5", "--Streaming:WriteTimeoutSeconds=3600");
        var streams = new List<RawClient>();
        string[] paths = ["/online.png", "/online.svg", "/online.jpg", "/online.png?count=site", "/online.png?count=visitors", "/online/chart.svg", "/online/chart.png", "/online/events"];
        for (var i = 0; i < 27; i++)
        {
            streams.Add(await gateway.ViewAsync(Page, paths[i % paths.Length]));
        }

        var sockets = new List<ClientWebSocket>();
        for (var i = 0; i < 3; i++)
        {
            sockets.Add(await ConnectAsync(gateway, "visitor " + i));
        }

        await gateway.WaitForCountAsync(Page, 30);
        await gateway.AdvanceForAsync(TimeSpan.FromSeconds(1));
        var reading = streams.Select(stream => stream.ReadToEndAsync()).ToList();
        var messages = sockets.Select(socket => ReadToEndAsync(socket)).ToList();
        var feeds = gateway.App.Services.GetRequiredService<Feeds>();
        var stopping = gateway.App.StopAsync(TestContext.Current.CancellationToken);
        await gateway.AdvanceUntilAsync(() => feeds.Viewers.Count() <= 15, "half of the streams to end");

        // Requests during the shutdown get the same number, with or without viewers here.
        foreach (var parameters in new[] { "", "&count=site", "&count=visitors", "&live=0" })
        {
            using var still = await gateway.ViewAsync("http://example.com/b", "/online.png?site=example.com&page=/a" + parameters);
            Assert.Equal(await gateway.PreviewAsync("n=30&stale=1"), await still.ReadBodyAsync());
            Assert.Equal(parameters != "&live=0", still.Head.Contains("\r\nRetry-After: 2\r\n", StringComparison.Ordinal));
        }

        var json = await gateway.Http.GetStringAsync(Json, TestContext.Current.CancellationToken);
        Assert.Contains("\"viewers\":30,\"siteViewers\":30,\"siteVisitors\":30,\"stale\":true", json, StringComparison.Ordinal);
        using var events = await gateway.ViewAsync(Page, "/online/events");
        Assert.Equal(200, events.Status);
        Assert.Matches("^retry: [23][0-9]{3}\n\ndata: {\"viewers\":30,\"live\":false}\n\n$", Encoding.UTF8.GetString(await events.ReadToEndAsync()));
        using var socket = await ConnectAsync(gateway, "somebody else");
        Assert.Equal(["{\"viewers\":30,\"live\":false}"], await ReadToEndAsync(socket));
        sockets.Add(socket);

        await gateway.AdvanceUntilAsync(() => stopping.IsCompleted, "the gateway to stop");
        await stopping;
        await using var other = await RunningGateway.StartAsync();
        for (var i = 0; i < reading.Count; i++)
        {
            var path = paths[i % paths.Length];
            var body = Encoding.Latin1.GetString(await reading[i]);
            if (path.EndsWith("events", StringComparison.Ordinal))
            {
                Assert.Matches("30,\"live\":true}\n\ndata: {\"viewers\":30,\"live\":false}\n\n$", body);
            }
            else if (path.Contains("chart.svg", StringComparison.Ordinal))
            {
                Assert.Contains(">~30<", body[body.LastIndexOf("<svg", StringComparison.Ordinal)..], StringComparison.Ordinal);
            }
            else if (!path.Contains("chart", StringComparison.Ordinal))
            {
                var last = Encoding.Latin1.GetString(await other.PreviewAsync("n=30&stale=1", path[8..11]));
                Assert.EndsWith(last + "\r\n--counter-frame--\r\n", body, StringComparison.Ordinal);
            }
        }

        Assert.All(await Task.WhenAll(messages), received => Assert.Equal(["{\"viewers\":30,\"live\":true}", "{\"viewers\":30,\"live\":false}"], received[^2..]));
        streams.ForEach(stream => stream.Dispose());
        sockets.ForEach(one => one.Dispose());
    }

    [Fact]
    public async Task All_streams_of_a_site_that_is_no_longer_counted_end_with_one_number()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var streams = new List<RawClient>();
        for (var i = 0; i < 30; i++)
        {
            // Each last frame has to be drawn, so that the first streams have ended when the last ones do.
            streams.Add(await gateway.ViewAsync(Page, "/online.png?" + LookOf(i)));
        }

        await gateway.WaitForCountAsync(Page, 30);
        var reading = streams.Select(stream => stream.ReadToEndAsync()).ToList();
        gateway.App.Services.GetRequiredService<Feeds>().EndSites(site => site == "example.com");
        for (var i = 0; i < 30; i++)
        {
            var last = Encoding.Latin1.GetString(await gateway.PreviewAsync("n=30&stale=1&" + LookOf(i)));
            Assert.EndsWith(last + "\r\n--counter-frame--\r\n", Encoding.Latin1.GetString(await reading[i]), StringComparison.Ordinal);
        }

        streams.ForEach(stream => stream.Dispose());

        static string LookOf(int stream) => $"label=%7Bn%7D%20for%20{stream}";
    }

    [Fact]
    public async Task Totals_survive_a_restart()
    {
        var data = Directory.CreateTempSubdirectory("counter-test-");
        try
        {
            await using (var gateway = await RunningGateway.StartAsync("--Data:Directory=" + data.FullName))
            {
                using var viewer = await gateway.ViewAsync(Page);
                await Wait.UntilAsync(
                    async () =>
                    {
                        gateway.Clock.Advance(TimeSpan.FromMilliseconds(50));
                        return (await gateway.Http.GetStringAsync(Json)).Contains("\"arrivals\":1", StringComparison.Ordinal);
                    },
                    "the arrival to be reported");
            }

            await using var again = await RunningGateway.StartAsync("--Data:Directory=" + data.FullName);
            var json = await again.Http.GetStringAsync(Json);
            Assert.Contains("\"viewers\":0", json, StringComparison.Ordinal);
            Assert.Contains("\"peak\":1", json, StringComparison.Ordinal);
            Assert.Contains("\"arrivals\":1", json, StringComparison.Ordinal);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task<ClientWebSocket> ConnectAsync(RunningGateway gateway, string agent)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("User-Agent", agent);
        gateway.Clock.Advance(TimeSpan.FromMilliseconds(100));
        await socket.ConnectAsync(
            new UriBuilder(gateway.Address) { Scheme = "ws", Path = "/online/ws", Query = "?site=example.com&page=/a" }.Uri, TestContext.Current.CancellationToken);
        return socket;
    }

    private static async Task<string[]> ReadToEndAsync(ClientWebSocket socket)
    {
        var buffer = new byte[256];
        var messages = new List<string>();
        while (await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken) is { MessageType: not WebSocketMessageType.Close } received)
        {
            messages.Add(Encoding.UTF8.GetString(buffer, 0, received.Count));
        }

        return [.. messages];
    }
}
