using System.Net;
using System.Net.WebSockets;
using System.Reflection;
using System.Text.Json;
using Counter.Counting.Cluster;
using Counter.Gateway.Monitor;
using Counter.Gateway.Monitor.Sampling;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Monitor;

/// <summary>The monitor of a signed-in operator.</summary>
public sealed class WatchingTests : MonitorTest
{
    private const string Page = "http://example.com/a";

    [Fact]
    public async Task A_socket_gets_the_history_and_then_a_sample_each_second()
    {
        await Gateway.AdvanceUntilAsync(() => Gateway.App.Services.GetRequiredService<SampleHistory>().Take().Length >= 3, "three samples");
        using var socket = await Person.WatchAsync();
        var first = (await Operator.HearAsync(socket))!.Value;
        Assert.Equal(SampleWriter.Header, first.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!));
        var times = first.GetProperty("samples").EnumerateArray().Select(s => s[0].GetInt64()).ToList();
        Assert.True(times.Count >= 3);
        for (var i = 0; i < 3; i++)
        {
            var sample = await Person.HearAsync(socket, m => m.TryGetProperty("sample", out _), "a sample");
            times.Add(sample.GetProperty("sample")[0].GetInt64());
        }

        Assert.All(times.Zip(times.Skip(1)), pair => Assert.Equal(1000, pair.Second - pair.First));
    }

    [Fact]
    public async Task Rates_are_events_of_one_second()
    {
        using var socket = await Person.WatchAsync();
        await Operator.HearAsync(socket);
        var (joins, leaves, frames) = (0.0, 0.0, 0.0);
        var viewers = new List<double>();
        using (await Gateway.ViewAsync(Page))
        {
            using var second = await Gateway.ViewAsync(Page);
            await Gateway.WaitForCountAsync(Page, 2);
            await Person.HearAsync(socket, m => Add(m) && viewers[^1] == 2, "two viewers");
        }

        await Gateway.WaitForCountAsync(Page, 0);
        await Person.HearAsync(socket, m => Add(m) && viewers[^1] == 0 && leaves == 2, "nobody");
        Assert.Equal((2, 2), (joins, leaves));
        Assert.True(frames >= 2);

        bool Add(JsonElement message)
        {
            if (!message.TryGetProperty("sample", out var sample))
            {
                return false;
            }

            viewers.Add(Column(sample, "viewers"));
            joins += Column(sample, "joins");
            leaves += Column(sample, "leaves");
            frames += Column(sample, "frames");
            return true;
        }
    }

    [Fact]
    public async Task A_sample_has_the_usage_of_process_and_machine()
    {
        using var socket = await Person.WatchAsync();
        var message = await Person.HearAsync(socket, m => m.TryGetProperty("sample", out _), "a sample");
        var sample = message.GetProperty("sample");
        Assert.True(Column(sample, "resident") > 10e6);
        Assert.InRange(Column(sample, "managed"), 1e5, Column(sample, "resident"));
        if (OperatingSystem.IsLinux())
        {
            Assert.InRange(Column(sample, "available"), 1e6, Column(sample, "memory"));
        }
    }

    [Fact]
    public async Task The_busiest_pages_and_gateways_are_sent_unescaped()
    {
        using var socket = await Person.WatchAsync();
        using var viewer = await Gateway.ViewAsync("http://example.com/<i>a</i>&\"");
        var busiest = await Person.HearAsync(
            socket, m => m.TryGetProperty("busiest", out var pages) && pages.GetArrayLength() > 0, "a busy page");
        var page = busiest.GetProperty("busiest")[0];
        Assert.Equal("example.com", page.GetProperty("site").GetString());
        Assert.Equal(1, page.GetProperty("viewers").GetInt32());
        var gateways = await Person.HearAsync(socket, m => m.TryGetProperty("gateways", out var all) && all.GetArrayLength() > 0, "the gateway");
        var own = gateways.GetProperty("gateways")[0];
        Assert.Equal(Environment.MachineName, own.GetProperty("name").GetString());
        Assert.True(own.GetProperty("here").GetBoolean());
    }

    [Fact]
    public async Task A_hundred_aborted_sockets_are_removed()
    {
        var sockets = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Person.WatchAsync()));
        Assert.Equal(100, Watching);
        foreach (var socket in sockets)
        {
            socket.Abort();
            socket.Dispose();
        }

        await Wait.UntilAsync(() => Task.FromResult(Watching == 0), "nobody to watch");
    }

    [Fact]
    public async Task A_close_message_is_answered()
    {
        using var socket = await Person.WatchAsync();
        await Operator.HearAsync(socket);
        await socket.SendAsync(new byte[100_000], WebSocketMessageType.Binary, endOfMessage: true, TestContext.Current.CancellationToken);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
        await Wait.UntilAsync(() => Task.FromResult(Watching == 0), "nobody to watch");
    }

    [Fact]
    public async Task The_number_of_sockets_is_limited()
    {
        var watchers = Gateway.App.Services.GetRequiredService<MonitorViewers>();
        var places = Enumerable.Range(0, MonitorViewers.Most).Select(_ => watchers.TryEnter()!).ToList();
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => Person.WatchAsync());
        Assert.Contains("503", refused.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Person.StatusAsync("/monitor/chart/cpu.svg"));
        places[0].Dispose();
        places[0].Dispose();
        using var socket = await Person.WatchAsync();
        await Assert.ThrowsAsync<WebSocketException>(() => Person.WatchAsync());
    }

    [Fact]
    public async Task Shutdown_ends_sockets_and_pictures_properly()
    {
        using var socket = await Person.WatchAsync();
        await Operator.HearAsync(socket);
        using var picture = await Gateway.OpenAsync("/monitor/chart/viewers.svg", "Cookie: " + Person.Cookie, "User-Agent: Mozilla/5.0 Chrome/156");
        await picture.ReadPreambleAsync("image/svg+xml");
        await picture.ReadFrameAsync("image/svg+xml");
        var stopping = Gateway.StopAsync();
        JsonElement? message;
        do
        {
            message = await Operator.HearAsync(socket);
        }
        while (message is not null);

        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
        Assert.EndsWith("--counter-frame--\r\n", System.Text.Encoding.UTF8.GetString(await picture.ReadToEndAsync()), StringComparison.Ordinal);
        await stopping;
    }

    [Fact]
    public async Task A_request_without_an_upgrade_gets_an_explanation() =>
        Assert.Equal(HttpStatusCode.UpgradeRequired, await Person.StatusAsync("/monitor/ws"));

    [Fact]
    public async Task Samples_continue_while_the_cluster_does_not_answer()
    {
        await using var lonely = await RunningGateway.StartAsync(log: null, services =>
        {
            var given = services.Last(s => s.ServiceType == typeof(ICluster));
            services.AddSingleton(provider => StuckCluster.Around((ICluster)given.ImplementationFactory!(provider)));
        });
        using var other = await Operator.SignInAsync(lonely);
        using var socket = await other.WatchAsync();
        using var viewer = await lonely.ViewAsync(Page);
        var message = await other.HearAsync(
            socket, m => m.TryGetProperty("sample", out var sample) && Column(sample, "here") == 1, "a sample with the viewer");
        Assert.Equal(JsonValueKind.Null, message.GetProperty("sample")[SampleWriter.Header.ToList().IndexOf("viewers")].ValueKind);
    }

    private static double Column(JsonElement sample, string name) =>
        sample[SampleWriter.Header.ToList().IndexOf(name)] is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : double.NaN;

    /// <summary>An engine that never says how the installation is.</summary>
    public class StuckCluster : DispatchProxy
    {
        private ICluster cluster = null!;

        public static ICluster Around(ICluster cluster)
        {
            var stuck = Create<ICluster, StuckCluster>();
            ((StuckCluster)(object)stuck).cluster = cluster;
            return stuck;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name == nameof(ICluster.GetTotalsAsync)
                ? new ValueTask<ClusterTotals>(new TaskCompletionSource<ClusterTotals>().Task.WaitAsync((CancellationToken)args![0]!))
                : targetMethod.Invoke(cluster, args);
    }
}
