using System.Text;
using Counter.Gateway.Settings;
using Counter.Gateway.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>The metrics reach a collector.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Metrics_are_sent_to_the_collector_and_name_no_page()
    {
        var received = new MemoryStream();
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var collector = builder.Build();
        collector.MapPost("/v1/metrics", async (HttpRequest request) =>
        {
            await request.Body.CopyToAsync(received);
            return Results.Ok();
        });
        await collector.StartAsync();

        await using (var gateway = await RunningGateway.StartAsync(
            "--OTEL_EXPORTER_OTLP_ENDPOINT=" + collector.Urls.First(), "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"))
        {
            using var viewer = await gateway.LookAsync("http://secret.example/page");
            await viewer.ReadPreambleAsync();
            await viewer.ReadFrameAsync();
        }

        var text = Encoding.Latin1.GetString(received.ToArray());
        foreach (var name in new[]
        {
            "counter.streams.active", "counter.viewers.active", "counter.pages.active", "counter.joins", "counter.frames.sent",
            "counter.frames.io", "counter.frame.render.duration", "counter.report.duration",
        })
        {
            Assert.Contains(name, text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("secret.example", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collector_that_is_no_address_stops_the_start()
    {
        var wrong = await Assert.ThrowsAsync<SettingException>(() => RunningGateway.StartAsync("--OTEL_EXPORTER_OTLP_ENDPOINT=nowhere"));
        Assert.StartsWith("OTEL_EXPORTER_OTLP_ENDPOINT is 'nowhere'", wrong.Message, StringComparison.Ordinal);
    }
}
