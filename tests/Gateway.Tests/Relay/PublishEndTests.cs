using System.Net;
using Counter.Counting.Cluster;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Documents;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Relay;

/// <summary>The end of published streams.</summary>
public sealed class PublishEndTests() : RelayTest("--Relay:MaxFramesPerSecond=10")
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task A_publisher_that_stalls_inside_a_picture_is_ended()
    {
        var picture = await PictureAsync(1);
        using var camera = await Camera.OpenAsync(Gateway, "cam");
        await camera.SendFrameAsync(picture);
        await WaitForAsync(status => status.Frames == 1, "the first picture");
        await camera.SendAsync([.. Camera.Header(picture.Length), .. picture.AsSpan(0, 100)]);
        var ended = camera.ReadStatusAsync();
        var began = Gateway.Clock.GetUtcNow();
        await Gateway.AdvanceUntilAsync(() => ended.IsCompleted, "the end");
        Assert.Equal(408, await ended);
        Assert.InRange((Gateway.Clock.GetUtcNow() - began).TotalSeconds, 9.9, 15);
        Assert.False(Channels.Status("cam")!.Publishing);
        Assert.Equal(picture, await Gateway.Http.GetByteArrayAsync("/relay/cam.jpg"));
    }

    [Fact]
    public async Task A_publisher_may_pause_for_a_minute_between_pictures()
    {
        using var camera = await Camera.OpenAsync(Gateway, "cam");
        await camera.SendFrameAsync(await PictureAsync(1));
        await WaitForAsync(status => status.Frames == 1, "the first picture");
        await Gateway.AdvanceForAsync(TimeSpan.FromSeconds(55));
        await camera.SendFrameAsync(await PictureAsync(2));
        await WaitForAsync(status => status.Frames == 2, "the second picture");
        var ended = camera.ReadStatusAsync();
        await Gateway.AdvanceUntilAsync(() => ended.IsCompleted, "the end");
        Assert.Equal(408, await ended);
    }

    [Fact]
    public async Task A_stream_ends_when_its_key_expires()
    {
        var documents = Gateway.App.Services.GetRequiredService<ICluster>().Documents;
        var (key, _, stored) = Gateway.App.Services.GetRequiredService<KeyStore>().Make(
            "a camera", KeyRole.Publish, "cam", "a test", Gateway.Clock.GetUtcNow() + TimeSpan.FromSeconds(10));
        await documents.TryChangeAsync([stored], TestContext.Current.CancellationToken);
        using var camera = await Camera.OpenAsync(Gateway, "cam", key: key.ToString());
        await camera.SendFrameAsync(await PictureAsync(1));
        await WaitForAsync(status => status.Frames == 1, "the first picture");
        Gateway.Clock.Advance(TimeSpan.FromSeconds(11));
        await camera.SendFrameAsync(await PictureAsync(2));
        Assert.Equal(401, await camera.ReadStatusAsync());
    }

    [Fact]
    public async Task A_stream_ends_when_its_key_is_revoked()
    {
        var documents = Gateway.App.Services.GetRequiredService<ICluster>().Documents;
        var (key, _, stored) = Gateway.App.Services.GetRequiredService<KeyStore>().Make("a camera", KeyRole.Publish, "cam", "a test");
        await documents.TryChangeAsync([stored], TestContext.Current.CancellationToken);
        using var camera = await Camera.OpenAsync(Gateway, "cam", key: key.ToString());
        await camera.SendFrameAsync(await PictureAsync(1));
        await WaitForAsync(status => status.Frames == 1, "the first picture");
        await documents.TryChangeAsync([stored with { Json = null, Expected = null }], TestContext.Current.CancellationToken);
        Gateway.Clock.Advance(TimeSpan.FromSeconds(11));
        await camera.SendFrameAsync(await PictureAsync(2));
        Assert.Equal(401, await camera.ReadStatusAsync());
    }

    [Fact]
    public async Task The_newest_publisher_replaces_the_earlier_one()
    {
        using var old = await Camera.OpenAsync(Gateway, "cam");
        await old.SendFrameAsync(await PictureAsync(1));
        await WaitForAsync(status => status.Frames == 1, "the first picture");
        Gateway.Clock.Advance(Turn);
        using var young = await Camera.OpenAsync(Gateway, "cam");
        await young.SendFrameAsync(await PictureAsync(2));
        Assert.Equal(409, await old.ReadStatusAsync());
        await WaitForAsync(status => status is { Frames: 2, Publishing: true }, "the second picture");
        using (var single = await PutAsync(await PictureAsync(3)))
        {
            Assert.Equal(HttpStatusCode.Conflict, single.StatusCode);
        }

        Assert.Equal(204, await young.EndAsync());
        await ShowAsync(await PictureAsync(3));
    }

    [Fact]
    public async Task The_last_picture_stays_when_the_publisher_disconnects()
    {
        var picture = await PictureAsync(1);
        using (var camera = await Camera.OpenAsync(Gateway, "cam"))
        {
            await camera.SendFrameAsync(picture);
            await WaitForAsync(status => status.Frames == 1, "the picture");
            await camera.SendAsync(Camera.Header(1000));
        }

        await WaitForAsync(status => !status.Publishing, "the end");
        using var watcher = await WatchAsync();
        Assert.Equal(picture, await watcher.ReadFrameAsync(Jpeg));
    }

    [Fact]
    public async Task Every_picture_of_a_publisher_that_closes_at_once_is_shown()
    {
        // The gateway gets the end of the connection while the last pictures wait to be read.
        var earlier = await PictureAsync(0);
        for (var i = 1; i <= 40; i++)
        {
            var last = await PictureAsync(i);
            Gateway.Clock.Advance(TimeSpan.FromSeconds(1));
            using (var camera = await Camera.OpenAsync(Gateway, "cam"))
            {
                await camera.SendFrameAsync(earlier);
                await camera.SendFrameAsync(last);
                await camera.LeaveAsync();
            }

            await WaitForAsync(status => !status.Publishing && status.Frames == 2 * i, $"both pictures of publisher {i}");
            Assert.Equal(last, await Gateway.Http.GetByteArrayAsync("/relay/cam.jpg"));
            earlier = last;
        }
    }

    [Fact]
    public async Task Removing_the_channel_or_stopping_the_gateway_ends_publishers()
    {
        using var removed = await Camera.OpenAsync(Gateway, "removed");
        using var camera = await Camera.OpenAsync(Gateway, "cam");
        await WaitForAsync(status => status.Publishing, "the stream");
        await WaitForAsync(status => status.Publishing, "the stream", "removed");
        Channels.Remove("removed");
        Assert.Equal(410, await removed.ReadStatusAsync());
        var stopping = Gateway.StopAsync();
        Assert.Equal(503, await camera.ReadStatusAsync());
        await stopping;
    }
}
