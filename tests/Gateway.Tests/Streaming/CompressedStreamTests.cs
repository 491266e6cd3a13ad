using System.Net;
using System.Text;
using Counter.Gateway.Operations;
using Counter.Gateway.Streaming;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Streaming;

/// <summary>Streams to Chromium, which are compressed, and their probes, through real connections.</summary>
public sealed class CompressedStreamTests : IDisposable
{
    private const int ProbeBytes = 1_040_000;

    private readonly Certificate certificate = new();

    public static TheoryData<string, string, string> Ways
    {
        get
        {
            var ways = new TheoryData<string, string, string>();
            foreach (var way in new[] { "past the server", "through the server", "TLS", "HTTP/2" })
            {
                ways.Add("/online.png", "image/png", way);
                ways.Add("/online.jpg", "image/jpeg", way);
                ways.Add("/online.svg", "image/svg+xml", way);
            }

            ways.Add("/online/chart.svg", "image/svg+xml", "past the server");
            ways.Add("/online/chart.png", "image/png", "HTTP/2");
            return ways;
        }
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => certificate.Dispose();

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Frames_probes_and_a_valid_end_arrive_at_once(string path, string type, string way)
    {
        await using var gateway = await StartAsync(way);
        using var chromium = await ChromiumViewer.OpenAsync(
            gateway, path + "?site=example.com&page=/a&watch=1&theme=light", way == "HTTP/2" ? HttpVersion.Version20 : null);
        Assert.Equal("Accept-Encoding", Assert.Single(chromium.Answer.Headers.Vary));
        Assert.True(chromium.Answer.Headers.CacheControl!.NoTransform);
        Assert.Equal(1024, (await chromium.ReadFrameAsync(type)).Length);
        Assert.NotEmpty(await chromium.ReadFrameAsync(type));

        // Twice, since only the first frame is always the server's to write.
        var viewer = Viewer(gateway);
        for (var i = 0; i < 2; i++)
        {
            await ResendAsync(gateway, viewer);
            var frame = await chromium.ReadFrameAsync(type);
            Assert.NotEmpty(frame);
            await ProbeAsync(gateway, viewer);
            var probe = await chromium.ReadFrameAsync(type);
            Assert.Equal(frame.Length + ProbeBytes, probe.Length);
            Assert.Equal(-1, probe.AsSpan(frame.Length).IndexOfAnyExcept((byte)' '));
        }

        await gateway.StopAsync();
        Assert.EndsWith("\r\n--counter-frame--\r\n", Encoding.Latin1.GetString(await chromium.ReadToEndAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("past the server")]
    [InlineData("through the server")]
    public async Task A_probe_is_a_kilobyte_on_the_wire(string way)
    {
        await using var gateway = await StartAsync(way);
        using var answer = await OpenAsync(gateway, "/online.png?site=example.com&page=/a&watch=1", "gzip, deflate, br");
        Assert.Equal(["gzip"], answer.Content.Headers.ContentEncoding);
        var metrics = gateway.App.Services.GetRequiredService<CounterMetrics>();
        var (frames, bytes) = (metrics.FramesSent, metrics.BytesSent);
        await ProbeAsync(gateway, Viewer(gateway));
        await gateway.StopAsync();

        // The last frame's number is marked as not live any more, so it is another picture; what is counted are the pictures.
        var still = await answer.Content.ReadAsByteArrayAsync(Cancelled);
        Assert.Equal(2, metrics.FramesSent - frames);
        Assert.InRange(still.Length, 1040 + (int)(metrics.BytesSent - bytes), 2500 + (int)(metrics.BytesSent - bytes));
        Assert.Equal([0x1f, 0x8b, 8, 0], still[..4]);
    }

    [Theory]
    [InlineData("/online.png?site=example.com&watch=1", ChromiumViewer.Agent, "identity")]
    [InlineData("/online.png?site=example.com&watch=1", ChromiumViewer.Agent, "gzip;q=0")]
    [InlineData("/online.png?site=example.com&watch=1&length=1", ChromiumViewer.Agent, "gzip")]
    [InlineData("/online.png?site=example.com&watch=1", "Lavf/59.27.100", "gzip")]
    [InlineData("/online.png?site=example.com&watch=1", "Mozilla/5.0 AppleWebKit/605.1.15 Version/26.0 Safari/605.1.15", "gzip")]
    public async Task Other_browsers_get_uncompressed_frames_and_a_probe_is_another_frame(string path, string agent, string accepted)
    {
        await using var gateway = await StartAsync("past the server");
        using var answer = await OpenAsync(gateway, path, accepted, agent);
        Assert.Empty(answer.Content.Headers.ContentEncoding);
        Assert.Equal("Accept-Encoding", Assert.Single(answer.Headers.Vary));
        await ProbeAsync(gateway, Viewer(gateway));
        var shown = await gateway.PreviewAsync("n=0");
        await gateway.StopAsync();
        var body = await answer.Content.ReadAsByteArrayAsync(Cancelled);
        Assert.Equal(2, Encoding.Latin1.GetString(body).Split(Encoding.Latin1.GetString(shown)).Length - 1);
        Assert.InRange(body.Length, 1000, 3000);
    }

    [Fact]
    public async Task A_site_can_switch_compression_off()
    {
        await using var gateway = await StartAsync("past the server");
        using var put = new HttpRequestMessage(HttpMethod.Put, "/api/v1/sites/example.com") { Content = new StringContent("""{"probes":false}""", Encoding.UTF8, "application/json") };
        put.Headers.Authorization = new("Bearer", RunningGateway.OperatorKey);
        using var made = await gateway.Http.SendAsync(put, Cancelled);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        using var without = await OpenAsync(gateway, "/online.png?site=example.com&watch=1", "gzip");
        using var with = await OpenAsync(gateway, "/online.png?site=example.org&watch=1", "gzip");
        Assert.Empty(without.Content.Headers.ContentEncoding);
        Assert.Equal(["gzip"], with.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task A_probe_of_events_is_an_event_and_a_comment()
    {
        await using var gateway = await StartAsync("HTTP/2");
        using var chromium = await ChromiumViewer.OpenAsync(
            gateway, "/online/events?site=example.com&watch=1", HttpVersion.Version20, ("Accept", "text/event-stream"));
        Assert.Matches("^retry: [23][0-9]{3}$", Encoding.ASCII.GetString(await chromium.ReadUntilAsync("\n\n")));
        var first = await chromium.ReadUntilAsync("\n\n");
        Assert.StartsWith("id: 1\ndata: {", Encoding.ASCII.GetString(first), StringComparison.Ordinal);
        await ProbeAsync(gateway, Viewer(gateway));
        Assert.Equal(first["id: 1\n".Length..], await chromium.ReadUntilAsync("\n\n"));
        var comment = await chromium.ReadUntilAsync("\n\n");
        Assert.Equal(1 + ProbeBytes, comment.Length);
        Assert.Equal(":", Encoding.ASCII.GetString(comment).TrimEnd());
        await gateway.StopAsync();
        Assert.StartsWith("data: {", Encoding.ASCII.GetString(await chromium.ReadToEndAsync()), StringComparison.Ordinal);
    }

    private static IViewerStream Viewer(RunningGateway gateway) =>
        Assert.Single(gateway.App.Services.GetRequiredService<Feeds>().Viewers);

    private static async Task ProbeAsync(RunningGateway gateway, IViewerStream viewer)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        viewer.Probe(written.SetResult);
        await gateway.AdvanceUntilAsync(() => written.Task.IsCompleted, "the probe to be written");
        await written.Task;
    }

    private static async Task ResendAsync(RunningGateway gateway, IViewerStream viewer)
    {
        var metrics = gateway.App.Services.GetRequiredService<CounterMetrics>();

        // A frame is here before the server has counted it; the first may still be about to be.
        await gateway.AdvanceUntilAsync(() => metrics.FramesSent > 0, "the first frame to be sent");
        var sent = metrics.FramesSent;
        viewer.Stream.Resend();
        await gateway.AdvanceUntilAsync(() => metrics.FramesSent > sent, "the frame to be sent again");
    }

    private Task<RunningGateway> StartAsync(string way) => RunningGateway.StartAsync(
    [
        "--Streaming:RefreshSeconds=3600",
        "--Streaming:WritesPastServer=" + (way != "through the server"),
        .. way is "TLS" or "HTTP/2" ? certificate.Settings : [],
    ]);

    private static async Task<HttpResponseMessage> OpenAsync(RunningGateway gateway, string path, string accepted, string agent = ChromiumViewer.Agent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        var metrics = gateway.App.Services.GetRequiredService<CounterMetrics>();
        var sent = metrics.FramesSent;
        var opening = gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);

        // The frame is here before the server has counted it.
        await gateway.AdvanceUntilAsync(() => opening.IsCompleted && metrics.FramesSent > sent, "the first frame to be sent");
        return await opening;
    }
}
