using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Streaming;

/// <summary>Over a limit an image request gets one still frame, not an error.</summary>
public sealed class LimitTests
{
    private const string Page = "http://example.com/a";

    [Theory]
    [InlineData("--Limits:Streams=1")]
    [InlineData("--Limits:StreamsPerPage=1")]
    public async Task A_stream_over_the_limit_is_a_still(string limit)
    {
        await using var gateway = await RunningGateway.StartAsync(limit);
        using var first = await gateway.ViewAsync(Page);
        await first.ReadPreambleAsync();
        using var second = await gateway.ViewAsync(Page);
        Assert.Equal(200, second.Status);
        Assert.Contains("Content-Type: image/png\r\n", second.Head, StringComparison.Ordinal);
        Assert.Contains("Content-Length: ", second.Head, StringComparison.Ordinal);
        Assert.Contains("\r\nRetry-After: 60\r\n", second.Head, StringComparison.Ordinal);
        Assert.Equal(1, await gateway.CountAsync(Page));
    }

    [Fact]
    public async Task An_event_source_over_the_limit_gets_the_number_and_a_retry_time()
    {
        await using var gateway = await RunningGateway.StartAsync("--Limits:StreamsPerPage=1");
        using var first = await gateway.ViewAsync(Page);
        await first.ReadPreambleAsync();

        // An EventSource never asks again after an error.
        using var source = await gateway.OpenAsync("/online/events?site=example.com&page=/a", "Accept: text/event-stream");
        Assert.Equal(200, source.Status);
        Assert.Matches("^retry: [4-7][0-9]{4}\n\ndata: {\"viewers\":1,\"live\":false}\n\n$", System.Text.Encoding.UTF8.GetString(await source.ReadToEndAsync()));

        // A program that reads it gets the reason, and when to retry.
        using var program = await gateway.OpenAsync("/online/events?site=example.com&page=/a");
        Assert.Equal(503, program.Status);
        Assert.Contains("\r\nRetry-After: 60\r\n", program.Head, StringComparison.Ordinal);
        Assert.Equal(1, await gateway.CountAsync(Page));
    }

    [Fact]
    public async Task A_closed_stream_frees_its_place()
    {
        await using var gateway = await RunningGateway.StartAsync("--Limits:Streams=1");
        using (var first = await gateway.ViewAsync(Page))
        {
            await first.ReadPreambleAsync();
        }

        await gateway.WaitForCountAsync(Page, 0);
        await Wait.UntilAsync(
            async () =>
            {
                using var second = await gateway.ViewAsync(Page);
                return second.Head.Contains("multipart", StringComparison.Ordinal);
            },
            "the place to be free");
    }

    [Fact]
    public async Task Loopback_is_exempt_from_the_limits_of_an_address_unless_configured_otherwise()
    {
        await using var exempt = await RunningGateway.StartAsync("--Limits:StreamsPerAddress=1");
        await using var strict = await RunningGateway.StartAsync("--Limits:StreamsPerAddress=1", "--Limits:ExemptPrivateAddresses=false");
        foreach (var (gateway, streams) in new[] { (exempt, 2), (strict, 1) })
        {
            using var first = await gateway.ViewAsync(Page);
            using var second = await gateway.ViewAsync(Page);
            Assert.Equal(streams == 2, second.Head.Contains("multipart", StringComparison.Ordinal));
            await gateway.WaitForCountAsync(Page, streams);
        }
    }

    [Fact]
    public async Task The_number_of_new_pages_of_an_address_is_limited()
    {
        await using var gateway = await RunningGateway.StartAsync("--Limits:NewPagesPerMinute=5", "--Limits:ExemptPrivateAddresses=false");
        var streams = 0;
        for (var i = 0; i < 20; i++)
        {
            using var viewer = await gateway.ViewAsync($"http://example.com/{i}");
            streams += viewer.Head.Contains("multipart", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.Equal(5, streams);

        // The answer says that it is a rate, and when to retry.
        using var events = await gateway.Http.GetAsync("/online/events?site=example.com&page=/new", TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.TooManyRequests, events.StatusCode);
        Assert.Equal(TimeSpan.FromMinutes(1), events.Headers.RetryAfter!.Delta);
        Assert.Contains("rfc6585", await events.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_site_counts_no_new_page_and_ends_its_stream()
    {
        await using var gateway = await RunningGateway.StartAsync("--Limits:PagesPerSite=1");
        using var first = await gateway.ViewAsync(Page);
        await first.ReadPreambleAsync();
        await first.ReadFrameAsync();
        await gateway.WaitForCountAsync(Page, 1);
        using var second = await gateway.ViewAsync("http://example.com/b");
        var reading = second.ReadToEndAsync();
        await gateway.AdvanceUntilAsync(() => reading.IsCompleted, "the refused page to end");
        Assert.EndsWith("--counter-frame--\r\n", System.Text.Encoding.Latin1.GetString(await reading), StringComparison.Ordinal);
        Assert.Equal(1, await gateway.CountAsync(Page));
    }
}
