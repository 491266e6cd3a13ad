using System.Text;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Streaming;

/// <summary>The bytes on the wire, as browsers and tools need them.</summary>
public sealed class WireTests : IAsyncLifetime
{
    private const string Page = "http://example.com/a";

    private RunningGateway gateway = null!;

    public async ValueTask InitializeAsync() => gateway = await RunningGateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task A_browser_gets_1024_bytes_with_the_first_frame_and_the_next_header_with_each()
    {
        using var viewer = await gateway.ViewAsync(Page);
        var before = await viewer.ReadPreambleAsync();
        var header = Encoding.ASCII.GetBytes("\r\n--counter-frame\r\nContent-Type: image/png\r\n\r\n");
        var preamble = before.Length - header.Length;
        Assert.DoesNotContain("--counter-frame", Encoding.ASCII.GetString(before[..preamble]), StringComparison.Ordinal);
        var frame = await viewer.ReadFrameAsync();
        Assert.True(IsWholePng(frame));

        // WebKit looks at 512 bytes before the first boundary, Chromium at 1,024 in all.
        Assert.InRange(preamble, 512, 1024);
        Assert.Equal(1024, preamble + frame.Length);
    }

    [Fact]
    public async Task The_headers_forbid_proxies_to_store_or_buffer_frames()
    {
        using var viewer = await gateway.ViewAsync(Page);
        Assert.Equal(200, viewer.Status);
        Assert.Contains("Content-Type: multipart/x-mixed-replace; boundary=counter-frame\r\n", viewer.Head, StringComparison.Ordinal);
        Assert.Contains("Cache-Control: no-store", viewer.Head, StringComparison.Ordinal);
        Assert.Contains("X-Accel-Buffering: no\r\n", viewer.Head, StringComparison.Ordinal);
        Assert.Contains("Cross-Origin-Resource-Policy: cross-origin\r\n", viewer.Head, StringComparison.Ordinal);
        Assert.DoesNotContain("Server:", viewer.Head, StringComparison.Ordinal);
        Assert.DoesNotContain("Set-Cookie", viewer.Head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/online.jpg?site=example.com", "User-Agent: Lavf/59.27.100")]
    [InlineData("/online.jpg?site=example.com&length=1", "User-Agent: Mozilla/5.0")]
    public async Task Tools_get_classic_parts_with_a_length(string path, string agent)
    {
        using var viewer = await gateway.OpenAsync(path, agent);
        var head = Encoding.ASCII.GetString(await viewer.ReadBodyUntilAsync("\r\n\r\n"));
        Assert.StartsWith("--counter-frame\r\nContent-Type: image/jpeg\r\nContent-Length: ", head, StringComparison.Ordinal);
        var length = int.Parse(head.Split(' ')[^1].Trim(), System.Globalization.CultureInfo.InvariantCulture);

        // The next change brings the next part; what lies before it is exactly the picture and a line end.
        using var other = await gateway.OpenAsync(path, agent);
        gateway.Clock.Advance(TimeSpan.FromMilliseconds(100));
        var picture = await viewer.ReadBodyUntilAsync("\r\n--counter-frame\r\n");
        Assert.Equal(length, picture.Length - "\r\n--counter-frame\r\n".Length);
        Assert.Equal([0xff, 0xd9], picture[(length - 2)..length]);
    }

    [Fact]
    public async Task Scripts_get_the_same_bytes_as_octet_stream()
    {
        using var script = await gateway.OpenAsync(
            "/online.png?site=example.com&length=1", "User-Agent: Mozilla/5.0", "Accept: image/*, application/octet-stream");
        Assert.Contains("Content-Type: application/octet-stream\r\n", script.Head, StringComparison.Ordinal);
        Assert.StartsWith("--counter-frame\r\nContent-Type: image/png\r\nContent-Length: ", Encoding.ASCII.GetString(await script.ReadBodyUntilAsync("\r\n\r\n")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /online.png?site=example.com&live=0 HTTP/1.1")]
    [InlineData("GET /online.png?site=example.com HTTP/1.0")]
    public async Task Without_a_stream_the_answer_is_one_picture_with_its_length(string line)
    {
        using var viewer = await RawClient.SendAsync(gateway.Address, line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        var body = await viewer.ReadToEndAsync();
        Assert.Contains("Content-Type: image/png\r\n", viewer.Head, StringComparison.Ordinal);
        Assert.Contains($"Content-Length: {body.Length}\r\n", viewer.Head, StringComparison.Ordinal);
        Assert.True(IsWholePng(body));
        Assert.Equal(0, await gateway.CountAsync("http://example.com/"));
    }

    [Fact]
    public async Task Head_gets_the_length_and_no_body()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/online.svg?site=example.com");
        using var answer = await gateway.Http.SendAsync(request);
        Assert.Equal("image/svg+xml", answer.Content.Headers.ContentType?.ToString());
        Assert.True(answer.Content.Headers.ContentLength > 100);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/online.png", "image/png")]
    [InlineData("/online.svg", "image/svg+xml")]
    [InlineData("/online.jpg", "image/jpeg")]
    public async Task Every_format_is_a_stream_of_its_own_type(string path, string type)
    {
        using var viewer = await gateway.ViewAsync(Page, path);
        await viewer.ReadPreambleAsync(type);
        var frame = await viewer.ReadFrameAsync(type);
        Assert.Equal(await gateway.Http.GetByteArrayAsync(path.Replace("online", "preview", StringComparison.Ordinal) + "?n=1"), frame);
    }

    [Fact]
    public async Task The_default_frame_takes_at_most_560_bytes_on_the_wire()
    {
        using var viewer = await gateway.ViewAsync(Page);
        await viewer.ReadPreambleAsync();
        var frame = await viewer.ReadFrameAsync();

        // The chunk's length in hex and its two line ends, the frame, the boundary and the next part's header.
        var wire = "1ff\r\n\r\n".Length + frame.Length + "\r\n--counter-frame\r\nContent-Type: image/png\r\n\r\n".Length;
        Assert.InRange(wire, 100, 560);
    }

    private static bool IsWholePng(byte[] bytes) =>
        bytes.AsSpan(1).StartsWith("PNG\r\n"u8) && bytes.AsSpan(0, bytes.Length - 4).EndsWith("IEND"u8);
}
