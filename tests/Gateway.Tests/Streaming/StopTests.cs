using System.Net;
using System.Text;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Streaming;

/// <summary>What streams get when the gateway stops.</summary>
public sealed class StopTests
{
    private const string Page = "http://example.com/a";
    private const string Json = "/online.json?site=example.com&page=/a";

    [Fact]
    public async Task Every_stream_ends_with_an_honest_last_frame_that_fills_the_open_part()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var last = await gateway.PreviewAsync("n=1&stale=1");
        using var viewer = await gateway.LookAsync(Page);
        await viewer.ReadPreambleAsync();
        await viewer.ReadFrameAsync();

        var stopping = gateway.StopAsync();
        var rest = await viewer.ReadToEndAsync();
        Assert.Equal([.. last, .. Encoding.ASCII.GetBytes("\r\n--counter-frame--\r\n")], rest);
        await stopping;
    }

    [Fact]
    public async Task While_stopping_the_gateway_is_not_ready_and_new_requests_get_a_still()
    {
        await using var gateway = await RunningGateway.StartAsync("--Streaming:DrainSeconds=3600");
        using var viewer = await gateway.LookAsync(Page);
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

        using var late = await gateway.LookAsync(Page);
        Assert.Contains("Content-Type: image/png\r\n", late.Head, StringComparison.Ordinal);
        Assert.False(stopping.IsCompleted);
    }

    [Fact]
    public async Task Totals_survive_a_restart()
    {
        var data = Directory.CreateTempSubdirectory("counter-test-");
        try
        {
            await using (var gateway = await RunningGateway.StartAsync("--Data:Directory=" + data.FullName))
            {
                using var viewer = await gateway.LookAsync(Page);
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
}
