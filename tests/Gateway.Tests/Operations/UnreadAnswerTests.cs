using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>Clients that send requests and read nothing: their answers are dropped, and streams of others continue.</summary>
public sealed class UnreadAnswerTests : IAsyncLifetime
{
    private const string SmallPicture = "/preview.png?n=1";

    private readonly Certificate certificate = new();
    private readonly LogRecorder log = new();
    private RunningGateway gateway = null!;

    public async ValueTask InitializeAsync() =>
        gateway = await RunningGateway.StartAsync(log, ["--Streaming:WriteTimeoutSeconds=1", .. certificate.Settings]);

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        certificate.Dispose();
        log.Dispose();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/openapi/v1.json")]
    public async Task An_unread_large_answer_over_HTTP2_is_ended_despite_pings(string path)
    {
        using var client = await Http2Client.ConnectAsync(gateway.Address, window: 0);
        using var viewer = await Http2Client.ConnectAsync(gateway.Address, window: 1 << 20);
        var stream = await viewer.AskAsync("/online/events?site=example.com&page=/a");
        await viewer.ReadUntilAsync(Http2Client.Headers, stream);
        var page = await client.AskAsync(path);
        await WaitUntilEndedAsync(client, page);

        // The other connection's stream has its refresh, and its client takes it.
        var frame = viewer.ReadUntilAsync(Http2Client.Data, stream);
        await gateway.AdvanceUntilAsync(() => frame.IsCompleted, "a frame for who takes them");
        await frame;
    }

    [Theory]
    [InlineData(SmallPicture)]
    [InlineData("/health/ready")]
    [InlineData("/nothing/here")]
    public async Task An_unread_small_answer_over_HTTP2_is_ended_despite_pings_and_a_stream(string path)
    {
        using var client = await Http2Client.ConnectAsync(gateway.Address, window: 0);
        var stream = await client.AskAsync("/online/events?site=example.com&page=/a");
        await client.AllowAsync(stream, 1 << 15);
        await client.ReadUntilAsync(Http2Client.Data, stream);
        var answer = await client.AskAsync(path);
        await client.ReadUntilAsync(Http2Client.Headers, answer);
        await WaitUntilEndedAsync(client, answer);

        // The stream goes on, and what is taken is not ended.
        var frame = client.ReadUntilAsync(Http2Client.Data, stream);
        await gateway.AdvanceUntilAsync(() => frame.IsCompleted, "a frame");
        await frame;
        var next = await client.AskAsync(path);
        await client.AllowAsync(next, 1 << 12);
        await client.ReadToEndAsync(next);
    }

    [Fact]
    public async Task A_connection_with_an_unread_small_answer_is_closed()
    {
        // This is the server's own rule, which has its own clock.
        using var client = await Http2Client.ConnectAsync(gateway.Address, window: 0);
        for (var i = 0; i < 20; i++)
        {
            await client.AskAsync(SmallPicture);
        }

        await client.WaitUntilClosedAsync();
        Assert.DoesNotContain(log.Lines, line => line.Level >= LogLevel.Error);
    }

    /// <summary>Sends pings and lets time pass until the gateway ends a stream.</summary>
    private async Task WaitUntilEndedAsync(Http2Client client, int id)
    {
        var ended = client.ReadUntilAsync(Http2Client.ResetStream, id);
        await Wait.UntilAsync(
            async () =>
            {
                await client.PingAsync();
                gateway.Clock.Advance(TimeSpan.FromMilliseconds(100));
                return ended.IsCompleted;
            },
            "the answer to be ended");
        await ended;
    }
}
