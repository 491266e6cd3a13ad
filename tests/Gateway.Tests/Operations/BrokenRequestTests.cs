using System.Diagnostics.Metrics;
using Counter.Gateway.Operations;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>Requests that are not valid HTTP are counted and do not fill the log.</summary>
public sealed class BrokenRequestTests
{
    private const string Line = "Requests that are not valid HTTP were refused: ";

    private static readonly string[] Requests =
    [
        "BROKEN\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nbroken header\r\n\r\n",
        "POST /play HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    ];

    [Fact]
    public async Task Each_broken_request_is_counted_and_one_a_minute_is_logged()
    {
        // The server's debug messages about them, with a stack trace each, must not come through either.
        using var log = new LogRecorder();
        await using var gateway = await RunningGateway.StartAsync(log, "--Logging:LogLevel:Microsoft.AspNetCore=Debug");
        var counted = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "counter.requests.broken" && instrument.Meter == gateway.App.Services.GetRequiredService<CounterMetrics>().Meter)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref counted, value));
        listener.Start();

        await SendAllAsync(gateway);
        await Wait.UntilAsync(() => Interlocked.Read(ref counted) == Requests.Length, "all to be counted");
        Assert.Contains(Line + "1 ", Assert.Single(Lines(log)), StringComparison.Ordinal);

        gateway.Clock.Advance(TimeSpan.FromSeconds(61));
        await SendAllAsync(gateway);
        await Wait.UntilAsync(() => Interlocked.Read(ref counted) == 2 * Requests.Length, "all to be counted");
        Assert.Equal(2, Lines(log).Count);
        Assert.Contains(Line + Requests.Length + " ", Lines(log)[1], StringComparison.Ordinal);
        Assert.DoesNotContain(log.Lines, line => line.Text.Contains("BadHttpRequestException", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Server_messages_about_broken_connections_are_counted_and_others_are_logged()
    {
        using var log = new LogRecorder();
        await using var gateway = await RunningGateway.StartAsync(log);
        var server = gateway.App.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.AspNetCore.Server.Kestrel");

        // As it says so: the first while connections are cut, the second when one of these is collected.
        server.Log(LogLevel.Warning, new EventId(0), "Connection processing ended abnormally.", new TimeoutException("The connection has timed out."), (text, _) => text);
        server.Log(LogLevel.Critical, new EventId(23, "ApplicationNeverCompleted"), "Connection id \"A\" application never completed.", exception: null, (text, _) => text);
        server.Log(LogLevel.Warning, new EventId(22, "HeartbeatSlow"), "The heartbeat has been running for a while.", exception: null, (text, _) => text);
        Assert.DoesNotContain(log.Lines, line => line.Text.Contains("abnormally", StringComparison.Ordinal) || line.Text.Contains("never completed", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.Level == LogLevel.Warning && line.Text.Contains("heartbeat", StringComparison.Ordinal));
        Assert.Single(Lines(log));
    }

    [Fact]
    public async Task Requests_without_a_key_add_no_line_to_the_log()
    {
        using var log = new LogRecorder();
        await using var gateway = await RunningGateway.StartAsync(log);
        using var answer = await gateway.Http.GetAsync("/api/v1/totals", TestContext.Current.CancellationToken);
        Assert.Equal(401, (int)answer.StatusCode);
        Assert.DoesNotContain(log.Lines, line => line.Text.StartsWith("Counter.Gateway.Admin.Keys.KeyAuthentication:", StringComparison.Ordinal));
    }

    private static List<string> Lines(LogRecorder log) =>
        [.. log.Lines.Where(line => line.Level == LogLevel.Information).Select(line => line.Text).Where(text => text.Contains(Line, StringComparison.Ordinal))];

    private static async Task SendAllAsync(RunningGateway gateway)
    {
        foreach (var request in Requests)
        {
            using var client = await RawClient.SendAsync(gateway.Address, request);
            Assert.InRange(client.Status, 400, 599);
        }
    }
}
