using System.Text;
using Xunit;

namespace Counter.Gateway.Tests.Relay;

/// <summary>Published streams: how they are written, and what is refused.</summary>
public sealed class PostTests() : RelayTest("--Relay:MaxFrameBytes=65536", "--Relay:MaxFramesPerSecond=10")
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task A_stream_of_ffmpeg_is_shown_picture_by_picture()
    {
        using var camera = await Camera.OpenAsync(Gateway, "cam");
        await camera.SendFrameAsync(await PictureAsync(0));
        await WaitForAsync(status => status is { Frames: 1, Publishing: true }, "the first picture");
        using var watcher = await WatchAsync();
        Assert.Equal(await PictureAsync(0), await watcher.ReadFrameAsync(Jpeg));
        for (var i = 1; i < 5; i++)
        {
            Gateway.Clock.Advance(Turn);
            await camera.SendFrameAsync(await PictureAsync(i));
            Assert.Equal(await PictureAsync(i), await watcher.ReadFrameAsync(Jpeg));
        }

        Assert.Equal(204, await camera.EndAsync());
        Assert.Equal((false, 5L, 0L, 1), Channels.Status("cam") is { } s ? (s.Publishing, s.Frames, s.Skipped, s.Watchers) : default);
    }

    [Theory]
    [InlineData("multipart/x-mixed-replace; boundary=frame", "--frame")]
    [InlineData("multipart/x-mixed-replace;boundary=--frame", "--frame")]
    [InlineData("multipart/x-mixed-replace; boundary=\"--frame\"", "----frame")]
    [InlineData("multipart/x-mixed-replace", "--frame")]
    [InlineData("image/jpeg", "--frame")]
    [InlineData(null, "--frame")]
    public async Task Boundaries_are_parsed_as_cameras_write_them(string? type, string line)
    {
        var picture = await PictureAsync(1);
        using var camera = await Camera.OpenAsync(Gateway, "cam", type, "\r\n" + line + "\r\n");
        await camera.SendAsync([.. "CONTENT-LENGTH:  "u8, .. Encoding.ASCII.GetBytes($"{picture.Length}\n\n"), .. picture]);
        await WaitForAsync(status => status.Frames == 1, "the picture, without a boundary after it");
        await camera.SendAsync("\r\n" + line + "--\r\nthe end");
        Assert.Equal(204, await camera.EndAsync());
    }

    [Fact]
    public async Task Text_may_precede_the_first_boundary()
    {
        using var camera = await Camera.OpenAsync(Gateway, "cam", "multipart/x-mixed-replace; boundary=ffmpeg", "Watch this!\r\n\r\n--ffmpeg\r\n");
        await camera.SendFrameAsync(await PictureAsync(1));
        Assert.Equal(204, await camera.EndAsync());
        Assert.Equal(1, Channels.Status("cam")!.Frames);
    }

    [Fact]
    public async Task Parts_without_a_length_end_at_the_boundary_however_they_are_split()
    {
        var (one, two) = (await PictureAsync(1), await PictureAsync(2));
        byte[] all = [.. "--b\r\n\r\n"u8, .. one, .. "\r\n--b\r\nContent-Type: image/jpeg\r\n\r\n"u8, .. two, .. "\r\n--b--\r\n"u8];
        using var camera = await Camera.OpenAsync(Gateway, "cam", begin: "--b\r\n\r\n");
        foreach (var piece in all.Skip(7).Chunk(7))
        {
            await camera.SendAsync(piece);
            Gateway.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(204, await camera.EndAsync());
        await Gateway.AdvanceUntilAsync(() => Channels.Status("cam")!.Frames == 2, "both pictures");
        Assert.Equal(two, await Gateway.Http.GetByteArrayAsync("/relay/cam.jpg"));
    }

    [Fact]
    public async Task Of_pictures_over_the_rate_limit_the_newest_is_shown()
    {
        using var camera = await Camera.OpenAsync(Gateway, "cam");
        await camera.SendFrameAsync(await PictureAsync(0));
        await WaitForAsync(status => status.Frames == 1, "the first picture");
        using var watcher = await WatchAsync();
        Assert.Equal(await PictureAsync(0), await watcher.ReadFrameAsync(Jpeg));

        // Three may come together with it: a network bunches pictures.
        for (var i = 1; i <= 3; i++)
        {
            await camera.SendFrameAsync(await PictureAsync(i));
            Assert.Equal(await PictureAsync(i), await watcher.ReadFrameAsync(Jpeg));
        }

        for (var i = 4; i <= 8; i++)
        {
            await camera.SendFrameAsync(await PictureAsync(i));
        }

        await WaitForAsync(status => status.Skipped == 4, "the ones that were replaced");
        Gateway.Clock.Advance(Turn);
        Assert.Equal(await PictureAsync(8), await watcher.ReadFrameAsync(Jpeg));
    }

    [Theory]
    [InlineData("not a boundary\r\n", 400)]
    [InlineData("--ffmpeg\r\nContent-Length: 65537\r\n\r\n", 413)]
    public async Task An_unsupported_body_is_refused_at_once(string body, int status)
    {
        using var camera = await Camera.OpenAsync(Gateway, "cam", begin: body);
        Assert.Equal(status, await camera.ReadStatusAsync());
        Assert.Contains("\"detail\":", await camera.ReadSentenceAsync(), StringComparison.Ordinal);
        Assert.Equal((0L, false), (Channels.Status("cam")!.Frames, Channels.Status("cam")!.Publishing));
    }

    [Fact]
    public async Task Endless_lines_headers_and_parts_are_refused()
    {
        foreach (var (body, status) in new[]
        {
            ("--" + new string('b', 5000), 400),
            ("--ffmpeg\r\nX: " + new string('x', 5000), 400),
            ("--ffmpeg\r\n" + string.Concat(Enumerable.Repeat("X: y\r\n", 100)), 400),
            ("--ffmpeg\r\n\r\n" + new string('x', 70_000), 413),
        })
        {
            using var camera = await Camera.OpenAsync(Gateway, "cam", begin: body);
            Assert.Equal(status, await camera.ReadStatusAsync());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("--ffmpeg\r\nContent-Length: 100\r\n\r\nhalf")]
    [InlineData("--ffmpeg\r\nContent-Type: image/jpeg\r\n")]
    public async Task A_truncated_body_is_refused(string body)
    {
        using var camera = await Camera.OpenAsync(Gateway, "cam", begin: body.Length > 0 ? body : "\r\n");
        Assert.Equal(400, await camera.EndAsync());
    }

    [Theory]
    [InlineData("--ffmpeg\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("--ffmpeg\r\n\r\nhello\r\n--ffmpeg--\r\n")]
    public async Task A_stream_without_a_valid_picture_is_refused_at_its_end(string body)
    {
        using var camera = await Camera.OpenAsync(Gateway, "cam", begin: body);
        Assert.Equal(400, await camera.EndAsync());
        Assert.Equal(0, Channels.Status("cam")!.Frames);
    }

    // LEN is the length of the picture, MORE is more, PICTURE the picture.
    [Theory]
    [InlineData("Content-Type: image/jpeg\r\nContent-Length: LEN\r\n\r\nPICTURE\r\n--b\r\nContent-Length: LEN\r\n\r\nPICTURE\r\n--b--\r\n", 2)]
    [InlineData("--b\nContent-Type: image/jpeg\nContent-Length: LEN\n\nPICTURE\n--b\nContent-Type: image/jpeg\n\nPICTURE\n--b--\n", 2)]
    [InlineData("--b\r\n\r\nPICTURE--b\r\n\r\nPICTURE--b--", 2)]
    [InlineData("--b\r\nContent-Length: LENPICTURE--b\r\n\r\nPICTURE--b--", 0)]
    [InlineData("--b\r\nContent-Length:\r\n\r\nPICTURE\r\n--b\r\nContent-Length: LEN bytes\r\n\r\nPICTURE\r\n--b--\r\n", 2)]
    [InlineData("--b\r\nContent-Length: -1\r\n\r\nPICTURE\r\n--b\r\nContent-Length: 99999999999999999999\r\n\r\nPICTURE\r\n--b--\r\n", 2)]
    [InlineData("--b\r\nContent-Length: 100\r\n\r\nPICTURE\r\n--b\r\nContent-Length: 100\r\n\r\nPICTURE\r\n--b\r\n\r\nPICTURE\r\n--b--\r\n", 2)]
    [InlineData("--b\r\nContent-Length: MORE\r\n\r\nPICTURE\r\n--b\r\nContent-Length: MORE\r\n\r\nPICTURE\r\n--b\r\nContent-Length: MORE\r\n\r\nPICTURE\r\n--b--\r\n", 1)]
    [InlineData("--b\r\nContent-Length: 0\r\n\r\n\r\n--b\r\nContent-Length: LEN\r\n\r\nPICTURE\r\n--b\r\nContent-Type: text/plain\r\n\r\nstill here\r\n--b\r\n\r\nPICTURE\r\n--b--\r\n", 2)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nfrom the garden\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\nPICTURE\r\n--b--\r\n", 1)]
    public async Task Streams_of_cameras_and_forms_are_accepted(string body, int least)
    {
        var picture = Encoding.Latin1.GetString(await PictureAsync(1));
        var sent = body.Replace("MORE", $"{picture.Length + 40}", StringComparison.Ordinal).Replace("LEN", $"{picture.Length}", StringComparison.Ordinal).Replace("PICTURE", picture, StringComparison.Ordinal);
        using var camera = await Camera.OpenAsync(Gateway, "cam", "multipart/x-mixed-replace; boundary=b", begin: sent[..1]);
        foreach (var piece in sent.Skip(1).Chunk(97))
        {
            await camera.SendAsync(new string(piece));
        }

        var status = await camera.EndAsync();
        if (least == 0)
        {
            Assert.Equal(400, status);
            return;
        }

        Assert.Equal(204, status);
        Assert.Equal(picture, Encoding.Latin1.GetString(await Gateway.Http.GetByteArrayAsync("/relay/cam.jpg")));
        Assert.InRange(Channels.Status("cam") is { } s ? s.Frames + s.Skipped : 0, least, least + 1);
    }

    [Fact]
    public async Task A_picture_with_trailing_bytes_is_accepted_and_the_stream_continues()
    {
        var picture = await PictureAsync(1);
        using var camera = await Camera.OpenAsync(Gateway, "cam");
        await camera.SendAsync([.. Camera.Header(picture.Length), .. picture, .. "surplus\r\n--ffmpeg\r\n"u8]);
        await WaitForAsync(status => status.Frames == 1, "the picture");
        Gateway.Clock.Advance(Turn);
        await camera.SendFrameAsync(await PictureAsync(2));
        await WaitForAsync(status => status.Frames == 2, "the next");
        Assert.Equal(204, await camera.EndAsync());
    }

    [Fact]
    public async Task A_broken_picture_is_dropped_and_only_many_in_a_row_end_the_stream()
    {
        var picture = await PictureAsync(1);
        var broken = (await PictureAsync(2))[..^20];
        using var camera = await Camera.OpenAsync(Gateway, "cam");
        await camera.SendFrameAsync(broken);
        await camera.SendFrameAsync(picture);
        await WaitForAsync(status => status.Frames == 1, "the first sound picture");
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(picture, await Gateway.Http.GetByteArrayAsync("/relay/cam.jpg"));
            await camera.SendFrameAsync(broken);
        }

        Assert.Equal(400, await camera.ReadStatusAsync());
        Assert.Contains("10 parts in a row were not valid pictures.", await camera.ReadSentenceAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_single_picture_may_be_posted_with_the_key_as_password()
    {
        var picture = await PictureAsync(1);
        using var content = new ByteArrayContent(picture);
        content.Headers.ContentType = new("image/jpeg");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/relay/cam") { Content = content };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("cam:" + Counter.Gateway.Tests.Support.RunningGateway.OperatorKey)));
        using var answer = await Gateway.Http.SendAsync(request);
        Assert.Equal(System.Net.HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(picture, await Gateway.Http.GetByteArrayAsync("/relay/cam.jpg"));
        using var wrong = new HttpRequestMessage(HttpMethod.Put, "/relay/cam") { Content = new ByteArrayContent(picture) };
        wrong.Headers.Authorization = new("Basic", Convert.ToBase64String("cam:counter_0123456789ab_wrong"u8));
        using var refused = await Gateway.Http.SendAsync(wrong);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, refused.StatusCode);

        // GStreamer's sinks and other programs send a password when it is asked for; a browser would ask its user.
        Assert.Equal(["Bearer", "Basic"], refused.Headers.WwwAuthenticate.Select(asked => asked.Scheme));
        using var browser = new HttpRequestMessage(HttpMethod.Put, "/relay/cam") { Content = new ByteArrayContent(picture) };
        browser.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0");
        using var asking = await Gateway.Http.SendAsync(browser);
        Assert.Equal(["Bearer"], asking.Headers.WwwAuthenticate.Select(asked => asked.Scheme));
    }
}
