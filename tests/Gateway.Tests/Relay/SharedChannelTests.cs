using System.Net;
using System.Net.Http.Headers;
using Counter.Counting.Cluster;
using Counter.Counting.Relay;
using Counter.Gateway.Relay;
using Counter.Gateway.Tests.Cluster;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Relay;

/// <summary>One channel at several gateways.</summary>
public sealed class SharedChannelTests
{
    [Fact]
    public async Task A_channel_published_at_one_gateway_can_be_watched_at_another()
    {
        await using var group = await GatewayGroup.StartAsync(3);
        using var camera = await Camera.OpenAsync(group[0], "cam");
        var (first, second) = (await PictureAsync(group, 1), await PictureAsync(group, 2));
        await camera.SendFrameAsync(first);
        await group.AdvanceUntilAsync(() => Channel(group, 0)?.Frames == 1, "the picture");
        using var watcher = await WatchAsync(group, 1);
        using var another = await WatchAsync(group, 1);
        await ReadUntilAsync(group, watcher, first);
        await camera.SendFrameAsync(second);
        await ReadUntilAsync(group, watcher, second);
        await ReadUntilAsync(group, another, second);
        Assert.Null(Channel(group, 2));
        Assert.Equal((0, true, 2, true), (Channel(group, 0)!.Watchers, Channel(group, 0)!.Publishing, Channel(group, 1)!.Watchers, Channel(group, 1)!.Publishing));

        // Nobody watches: the pictures stay where they are published.
        watcher.Dispose();
        another.Dispose();
        await group[0].AdvanceForAsync(TimeSpan.FromSeconds(20));
        var frames = Channel(group, 1)!.Frames;
        await camera.SendFrameAsync(first);
        await group.AdvanceUntilAsync(() => Channel(group, 0)!.Frames == 3, "the picture");
        await group[0].AdvanceForAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(frames, Channel(group, 1)!.Frames);

        // And who comes then sees the newest first.
        using var late = await WatchAsync(group, 1);
        await ReadUntilAsync(group, late, first);
        Assert.Equal(204, await camera.EndAsync());
        await group.AdvanceUntilAsync(() => !Channel(group, 1)!.Publishing, "the end to be published");
    }

    [Fact]
    public async Task The_newest_publisher_replaces_one_at_another_gateway()
    {
        await using var group = await GatewayGroup.StartAsync(2);
        using var old = await Camera.OpenAsync(group[0], "cam");
        var (first, second) = (await PictureAsync(group, 1), await PictureAsync(group, 2));
        await old.SendFrameAsync(first);
        await group.AdvanceUntilAsync(() => Channel(group, 0)?.Frames == 1, "the picture");
        using var there = await WatchAsync(group, 1);
        await ReadUntilAsync(group, there, first);
        using var here = await WatchAsync(group, 0);
        using var next = await Camera.OpenAsync(group[1], "cam");
        await next.SendFrameAsync(second);
        await ReadUntilAsync(group, there, second);
        await ReadUntilAsync(group, here, second);
        Assert.Equal(409, await old.ReadStatusAsync());
    }

    [Fact]
    public async Task A_still_is_the_newest_picture_of_any_gateway()
    {
        await using var group = await GatewayGroup.StartAsync(2);
        for (var number = 1; number <= 4; number++)
        {
            var picture = await PictureAsync(group, number);
            var (to, from) = (number % 2, (number + 1) % 2);
            Assert.Equal(HttpStatusCode.NoContent, await PutAsync(group, to, picture));
            await Wait.UntilAsync(
                async () =>
                {
                    var still = group[from].Http.GetAsync("/relay/cam.jpg");
                    await group.AdvanceUntilAsync(() => still.IsCompleted, "an answer");
                    using var answer = await still;
                    return answer.IsSuccessStatusCode && (await answer.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(picture);
                },
                "picture " + number);
        }
    }

    [Fact]
    public async Task Single_pictures_are_refused_while_a_stream_is_published_elsewhere()
    {
        await using var group = await GatewayGroup.StartAsync(2);
        using var camera = await Camera.OpenAsync(group[0], "cam");
        var picture = await PictureAsync(group, 1);
        await camera.SendFrameAsync(picture);
        await group.AdvanceUntilAsync(() => Channel(group, 0)?.Frames == 1, "the picture");
        Assert.Equal(HttpStatusCode.Conflict, await PutAsync(group, 1, picture));
        Assert.Equal(204, await camera.EndAsync());
        await Wait.UntilAsync(async () => await PutAsync(group, 1, picture) == HttpStatusCode.NoContent, "the end of the stream to be published");
    }

    [Fact]
    public async Task The_stream_of_an_expired_gateway_has_ended()
    {
        await using var group = await GatewayGroup.StartAsync(1);
        var relay = group[0].App.Services.GetRequiredService<ICluster>().Relay;
        await relay.BeginAsync("cam", Guid.NewGuid(), CancellationToken.None);
        var picture = await PictureAsync(group, 1);
        Assert.Equal(HttpStatusCode.Conflict, await PutAsync(group, 0, picture));
        await group[0].AdvanceForAsync(ChannelState.Lease);
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(group, 0, picture));
    }

    [Fact]
    public async Task A_removed_channel_is_gone_at_all_gateways()
    {
        await using var group = await GatewayGroup.StartAsync(2);
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(group, 1, await PictureAsync(group, 1)));
        using var watcher = await WatchAsync(group, 0);
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/v1/channels/cam");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", RunningGateway.OperatorKey);
        using var removed = await group[0].Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        foreach (var i in new[] { 0, 1 })
        {
            using var still = await group[i].Http.GetAsync("/relay/cam.jpg");
            Assert.Equal(HttpStatusCode.NotFound, still.StatusCode);
        }

        // It can begin again.
        var next = await PictureAsync(group, 2);
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(group, 0, next));
        Assert.Equal(next, await group[1].Http.GetByteArrayAsync("/relay/cam.jpg"));
    }

    private static Task<byte[]> PictureAsync(GatewayGroup group, int number) => group[0].PreviewAsync("n=" + number, "jpg");

    private static ChannelStatus? Channel(GatewayGroup group, int i) => group[i].App.Services.GetRequiredService<RelayChannels>().Status("cam");

    private static async Task<HttpStatusCode> PutAsync(GatewayGroup group, int i, byte[] picture)
    {
        group.Clock.Advance(TimeSpan.FromMilliseconds(100));
        using var request = new HttpRequestMessage(HttpMethod.Put, "/relay/cam") { Content = new ByteArrayContent(picture) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", RunningGateway.OperatorKey);
        using var answer = await group[i].Http.SendAsync(request);
        return answer.StatusCode;
    }

    private static async Task<RawClient> WatchAsync(GatewayGroup group, int i)
    {
        var watch = RawClient.OpenAsync(
            group[i].Address, "/relay/cam.mjpeg", "User-Agent: Mozilla/5.0 " + Guid.NewGuid(), "Accept: image/*", "Sec-Fetch-Dest: image");
        await group.AdvanceUntilAsync(() => watch.IsCompleted, "the stream to begin");
        var watcher = await watch;
        await watcher.ReadPreambleAsync("image/jpeg");
        return watcher;
    }

    private static async Task ReadUntilAsync(GatewayGroup group, RawClient watcher, byte[] picture)
    {
        while (true)
        {
            var frame = watcher.ReadFrameAsync("image/jpeg");
            await group.AdvanceUntilAsync(() => frame.IsCompleted, "a picture");
            if ((await frame).AsSpan().SequenceEqual(picture))
            {
                return;
            }
        }
    }
}
