using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Gateway.Tests.Support;
using Counter.Grains.Hosting;
using Counter.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>Metrics and traces reach a collector.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Metrics_and_traces_for_the_collector_have_no_page_or_address()
    {
        await using var collector = await Collector.StartAsync();
        await using (var gateway = await RunningGateway.StartAsync(collector.Settings))
        {
            using var viewer = await gateway.OpenAsync(
                "/online.png?page=/secret-page", "Referer: http://secret.example/", "User-Agent: Mozilla/5.0 Secretive", "Accept: image/*", "Sec-Fetch-Dest: image",
                "X-Forwarded-For: 203.0.113.77", "Cookie: counter=secret-cookie");
            await viewer.ReadPreambleAsync();
            await viewer.ReadFrameAsync();
        }

        Assert.All(
            [
                "counter.streams.active", "counter.viewers.active", "counter.pages.active", "counter.joins", "counter.frames.sent", "counter.frames.io",
                "counter.frame.render.duration", "counter.report.duration", "http.server.request.duration", "counter-gateway",
            ],
            name => Assert.Contains(name, collector.Text("metrics"), StringComparison.Ordinal));
        Assert.All(
            ["counter.open", "counter.report", "counter.push", "GET", "counter-gateway"],
            name => Assert.Contains(name, collector.Text("traces"), StringComparison.Ordinal));
        Assert.All(
            ["secret", "Secretive", "203.0.113.77"],
            name => Assert.DoesNotContain(name, collector.Text("metrics") + collector.Text("traces"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_trace_follows_a_change_from_the_request_to_the_frame_at_another_gateway()
    {
        var trace = ActivityTraceId.CreateRandom();
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            ActivityStopped = span =>
            {
                if (span.TraceId == trace)
                {
                    spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        var clock = new ManualTimeProvider();
        await using var collector = await Collector.StartAsync();
        await using var cluster = await LocalCluster.StartAsync(clock, traced: true);
        await using var here = await RunningGateway.StartAsync(null, clock, services => services.AddSingleton(cluster.Connect()), collector.Settings);
        await using var there = await RunningGateway.StartAsync(null, clock, services => services.AddSingleton(cluster.Connect()), collector.Settings);
        using var watcher = await there.ViewAsync("http://example.com/");

        // Else the answer to the report of the watcher itself may bring the other viewer.
        var counts = there.App.Services.GetRequiredService<ICluster>();
        var page = CountKey.ForPage(new PageKey("example.com", "/"));
        await Wait.UntilAsync(
            async () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(100));
                return (await counts.GetAsync(page, TestContext.Current.CancellationToken)).Viewers == 1;
            },
            "the watcher to be counted");
        using var viewer = await here.OpenAsync(
            "/online.png", "Referer: http://example.com/", "User-Agent: Mozilla/5.0", "Accept: image/*", "Sec-Fetch-Dest: image", $"traceparent: 00-{trace}-{ActivitySpanId.CreateRandom()}-01");


        // The spans that it came from may end later.
        string[] way = ["counter.push", "counter.apply", "counter.report", "counter.open"];
        await here.AdvanceUntilAsync(
            () => spans.Any(span => IsOfOther(span) && Origin(span).Where(name => name.StartsWith("counter.", StringComparison.Ordinal)).SequenceEqual(way)),
            "the other gateway's frame to be pushed");

        // What a gateway is answered it applies too, but that is no part of the grain's span.
        bool IsOfOther(Activity span) => span.OperationName == "counter.push" && Origin(span).Any(name => name.Contains("Grain/", StringComparison.Ordinal));

        // The names of a span and of those that it came from.
        List<string> Origin(Activity span)
        {
            var names = new List<string>();
            for (var next = span; next is not null; next = spans.FirstOrDefault(other => other.SpanId == next.ParentSpanId))
            {
                names.Add(next.OperationName);
            }

            return names;
        }
    }

    [Fact]
    public async Task An_invalid_collector_address_stops_the_start()
    {
        var wrong = await Assert.ThrowsAsync<SettingException>(() => RunningGateway.StartAsync("--OTEL_EXPORTER_OTLP_ENDPOINT=nowhere"));
        Assert.StartsWith("OTEL_EXPORTER_OTLP_ENDPOINT is 'nowhere'", wrong.Message, StringComparison.Ordinal);
    }

    /// <summary>Keeps what is sent to it.</summary>
    private sealed class Collector(WebApplication app) : IAsyncDisposable
    {
        private readonly ConcurrentDictionary<string, string> received = [];

        public string[] Settings => ["--OTEL_EXPORTER_OTLP_ENDPOINT=" + app.Urls.First(), "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"];

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            var collector = new Collector(builder.Build());
            await collector.RunAsync();
            return collector;
        }

        /// <summary>The metrics or the traces, as they came.</summary>
        public string Text(string kind) => received.GetValueOrDefault(kind, "");

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private Task RunAsync()
        {
            app.MapPost("/v1/{kind}", async (string kind, HttpRequest request) =>
            {
                var body = new MemoryStream();
                await request.Body.CopyToAsync(body);
                var text = Encoding.Latin1.GetString(body.ToArray());
                received.AddOrUpdate(kind, text, (_, before) => before + text);
                return Results.Ok();
            });
            return app.StartAsync();
        }
    }
}
