using System.Globalization;
using System.Net;
using System.Text.Json;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>The log as JSON.</summary>
public sealed class LogTests
{
    [Fact]
    public async Task With_JSON_logging_every_line_is_JSON_with_a_UTC_time()
    {
        // A key on the command line and too few descriptors are warned of, and the start is announced.
        await using var gateway = await GatewayProcess.StartAsync(
            [IPAddress.Loopback],
            ["--Logging:Console:FormatterName=json", "--Logging:LogLevel:Default=Debug", "--Admin:Key=" + RunningGateway.OperatorKey],
            new Dictionary<string, string>(), descriptors: 2000);
        await Wait.UntilAsync(() => gateway.Output.Count >= 3, "the start and both warnings");
        foreach (var line in gateway.Output)
        {
            using var json = JsonDocument.Parse(line);
            var text = json.RootElement.GetProperty("Timestamp").GetString()!;
            Assert.EndsWith("Z", text, StringComparison.Ordinal);
            Assert.InRange(DateTimeOffset.Parse(text, CultureInfo.InvariantCulture), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddSeconds(5));
        }
    }
}
