using System.Net;
using System.Text;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Documents;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Relay;

/// <summary>Single pictures, and the refusal of other bodies.</summary>
public sealed class PutTests() : RelayTest("--Relay:MaxFrameBytes=65536", "--Relay:MaxFramesPerSecond=10", "--Relay:Channels=3")
{
    [Theory]
    [InlineData("jpg", "image/jpeg", "image/png")]
    [InlineData("png", "image/png", "text/html")]
    public async Task The_media_type_of_a_picture_is_detected_from_its_bytes(string extension, string type, string claimed)
    {
        var picture = await PictureAsync(1, extension);
        using (var taken = await PutAsync(picture, type: claimed))
        {
            Assert.Equal(HttpStatusCode.NoContent, taken.StatusCode);
        }

        foreach (var ending in new[] { "jpg", "jpeg", "png" })
        {
            using var still = await Gateway.Http.GetAsync("/relay/cam." + ending);
            Assert.Equal(type, still.Content.Headers.ContentType!.ToString());
            Assert.Equal("nosniff", still.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.True(still.Headers.CacheControl!.NoStore);
            Assert.Equal(picture, await still.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task A_stream_split_over_requests_shows_every_complete_picture()
    {
        var (one, two) = (await PictureAsync(1), await PictureAsync(2));
        byte[] header = [.. "--b\r\nContent-Type: image/jpeg\r\nContent-Length: 4663\r\n\r\n"u8];
        await ShowAsync(header);
        using (var nothing = await Gateway.Http.GetAsync("/relay/cam.jpg"))
        {
            Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);
        }

        foreach (var (body, expected) in new[] { ([.. one, .. "\r\n"u8], one), ([.. header, .. two, .. "\r\n"u8], two), (header, two), ([.. header, .. one, .. header, .. two], one) })
        {
            await ShowAsync(body);
            Assert.Equal(expected, await Gateway.Http.GetByteArrayAsync("/relay/cam.jpg"));
        }

        using var refused = await PutAsync([.. "--b\r\nno end of a header"u8]);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task A_broken_picture_is_refused_and_not_shown()
    {
        var (one, two) = (await PictureAsync(1), await PictureAsync(2));
        await ShowAsync(one);
        using var watcher = await WatchAsync();
        Assert.Equal(one, await watcher.ReadFrameAsync(Jpeg));
        foreach (var broken in new[] { two[..^2], two[2..], [], Encoding.ASCII.GetBytes("<svg/>") })
        {
            using var refused = await PutAsync(broken);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
        }

        await ShowAsync(two);
        Assert.Equal(two, await watcher.ReadFrameAsync(Jpeg));
        Assert.Equal(2, Channels.Status("cam")!.Frames);
    }

    [Fact]
    public async Task A_picture_over_the_size_limit_is_refused_before_it_is_read()
    {
        using var client = await RawClient.SendAsync(
            Gateway.Address,
            $"PUT /relay/cam HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {RunningGateway.OperatorKey}\r\nContent-Length: {1L << 30}\r\n\r\n");
        Assert.Equal(413, client.Status);
        Assert.Contains("at most 65536 bytes", Encoding.UTF8.GetString(await client.ReadBodyUntilAsync("}")), StringComparison.Ordinal);

        // A client that goes on sending is cut off, after what fits into the buffers on the way.
        long sent = 0;
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            for (var block = new byte[65536]; sent < 1L << 30; sent += block.Length)
            {
                await client.WriteAsync(block);
            }
        });
        Assert.InRange(sent, 0, 32 << 20);
    }

    [Fact]
    public async Task A_picture_of_unknown_length_is_refused_at_the_size_limit()
    {
        using var client = await RawClient.ConnectAsync(
            Gateway.Address,
            $"PUT /relay/cam HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {RunningGateway.OperatorKey}\r\nTransfer-Encoding: chunked\r\n\r\n");
        await client.WriteAsync(Encoding.ASCII.GetBytes($"10001\r\n{new string('x', 65537)}\r\n"));
        Assert.Equal(413, await client.ReadStatusAsync());
    }

    [Fact]
    public async Task A_picture_of_unknown_length_is_accepted()
    {
        var picture = await PictureAsync(1);
        using var client = await RawClient.ConnectAsync(
            Gateway.Address,
            $"PUT /relay/cam HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {RunningGateway.OperatorKey}\r\nTransfer-Encoding: chunked\r\n\r\n");
        await client.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes($"{picture.Length:x}\r\n"), .. picture, .. "\r\n0\r\n\r\n"u8]);
        Assert.Equal(204, await client.ReadStatusAsync());
        Assert.Equal(picture, await Gateway.Http.GetByteArrayAsync("/relay/cam.jpg"));
    }

    [Fact]
    public async Task The_size_limit_of_a_channel_can_only_be_smaller()
    {
        var picture = await PictureAsync(1);
        Decided = new() { MaxFrameBytes = picture.Length - 1 };
        using (var small = await PutAsync(picture))
        {
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, small.StatusCode);
        }

        Decided = new() { MaxFrameBytes = int.MaxValue };
        using var large = await PutAsync(new byte[65537]);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
    }

    [Fact]
    public async Task Pictures_over_the_rate_limit_are_refused()
    {
        var picture = await PictureAsync(1);
        await ShowAsync(picture);
        using (var fast = await PutAtOnceAsync(await PictureAsync(2)))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, fast.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), fast.Headers.RetryAfter!.Delta);
        }

        Assert.Equal(picture, await Gateway.Http.GetByteArrayAsync("/relay/cam.jpg"));
        await ShowAsync(await PictureAsync(2));
    }

    [Theory]
    [InlineData("CAM", 400)]
    [InlineData("-cam", 400)]
    [InlineData("c%C3%A4m", 400)]
    [InlineData("cam%0d%0aX-Injected:1", 400)]
    [InlineData("cam%0a", 400)]
    [InlineData("..%2fcam", 400)]
    [InlineData("%2e%2e%2fcam", 400)]
    [InlineData("cam.jpg", 400)]
    [InlineData("cam.", 400)]
    [InlineData("cam%00", 400)]
    [InlineData("a/b", 404)]
    [InlineData("../cam", 404)]
    [InlineData("", 404)]
    public async Task A_channel_with_an_invalid_name_is_refused(string name, int status)
    {
        using var client = await RawClient.SendAsync(
            Gateway.Address,
            $"PUT /relay/{name} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {RunningGateway.OperatorKey}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        Assert.Equal(status, client.Status);
        Assert.DoesNotContain("X-Injected", client.Head, StringComparison.Ordinal);
        Assert.Empty(Channels.All);
    }

    [Fact]
    public async Task The_longest_name_is_accepted_and_longer_ones_are_refused()
    {
        var picture = await PictureAsync(1);
        await ShowAsync(picture, new string('a', 64));
        foreach (var length in new[] { 65, 7000 })
        {
            using var refused = await PutAsync(picture, new string('a', length));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        using var longest = await RawClient.SendAsync(Gateway.Address, $"PUT /relay/{new string('a', 10_240)} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(414, longest.Status);
    }

    [Fact]
    public async Task The_number_of_channels_is_limited()
    {
        var picture = await PictureAsync(1);
        foreach (var name in new[] { "a", "b", "c" })
        {
            await ShowAsync(picture, name);
        }

        using (var refused = await PutAsync(picture, "d"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }

        await ShowAsync(await PictureAsync(2), "a");
        Assert.True(Channels.Remove("b"));
        await ShowAsync(picture, "d");
        Assert.Equal(["a", "c", "d"], Channels.All.Select(channel => channel.Name).Order());
    }

    [Fact]
    public async Task Publishing_needs_a_key_of_the_channel()
    {
        var picture = await PictureAsync(1);
        var ring = Gateway.App.Services.GetRequiredService<KeyStore>();
        var cluster = Gateway.App.Services.GetRequiredService<Counter.Counting.Cluster.ICluster>();
        var keys = new Dictionary<string, string>();
        foreach (var (name, role, scope) in new[] { ("cam", KeyRole.Publish, "cam"), ("other", KeyRole.Publish, "other"), ("site", KeyRole.Manage, "cam") })
        {
            var (key, _, change) = ring.Make(name, role, scope, "test");
            await cluster.Documents.TryChangeAsync([change], CancellationToken.None);
            keys[name] = key.ToString();
        }

        foreach (var (key, status) in new[] { ("", 401), ("wrong", 401), (keys["other"], 403), (keys["site"], 403), (keys["cam"], 204) })
        {
            using var answer = await PutAsync(picture, key: key);
            Assert.Equal(status, (int)answer.StatusCode);
        }
    }

    [Fact]
    public async Task Without_a_key_the_body_is_not_read()
    {
        foreach (var method in new[] { "PUT", "POST" })
        {
            using var client = await RawClient.SendAsync(
                Gateway.Address, $"{method} /relay/cam HTTP/1.1\r\nHost: x\r\nContent-Length: {1L << 30}\r\n\r\n");
            Assert.Equal(401, client.Status);
            await client.WaitUntilClosedAsync();
        }
    }
}
