using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Counter.Gateway.Links;
using Counter.Gateway.Relay;
using Counter.Gateway.Tests.Relay;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Links;

public sealed class RelayLinkTests
{
    [Fact]
    public async Task A_channel_that_is_published_at_one_gateway_is_watched_at_another()
    {
        await using var linked = await LinkedGateways.StartAsync(3);
        using var camera = await Camera.OpenAsync(linked[0], "cam");
        var (first, second) = (await PictureAsync(linked, 1), await PictureAsync(linked, 2));
        await camera.SendFrameAsync(first);
        await linked.AdvanceUntilAsync(() => Channel(linked, 0)?.Frames == 1, "the picture");
        await WaitUntilKnownAsync(linked, 1);
        var connections = linked.CableTo(0).Connections;
        using var watcher = await WatchAsync(linked, 1);
        using var another = await WatchAsync(linked, 1);
        await ReadUntilAsync(linked, watcher, first);
        await camera.SendFrameAsync(second);
        await ReadUntilAsync(linked, watcher, second);
        await ReadUntilAsync(linked, another, second);
        Assert.InRange(linked.CableTo(0).Connections, connections, connections + 1);
        Assert.Null(Channel(linked, 2));
        Assert.Equal(1, Channel(linked, 0)!.Watchers);

        watcher.Dispose();
        another.Dispose();
        await linked.AdvanceUntilAsync(() => Channel(linked, 0)!.Watchers == 0, "the connection to end, since nobody watches");
    }

    [Fact]
    public async Task The_newest_publisher_takes_over_wherever_it_is()
    {
        await using var linked = await LinkedGateways.StartAsync(2);
        using var old = await Camera.OpenAsync(linked[0], "cam");
        var (first, second) = (await PictureAsync(linked, 1), await PictureAsync(linked, 2));
        await old.SendFrameAsync(first);
        await WaitUntilKnownAsync(linked, 1);
        using var there = await WatchAsync(linked, 1);
        await ReadUntilAsync(linked, there, first);
        using var here = await WatchAsync(linked, 0);
        using var next = await Camera.OpenAsync(linked[1], "cam");
        await next.SendFrameAsync(second);
        await ReadUntilAsync(linked, there, second);
        await ReadUntilAsync(linked, here, second);
        Assert.Equal(409, await old.ReadStatusAsync());
    }

    [Fact]
    public async Task A_still_is_the_newest_picture_whichever_gateway_got_it()
    {
        await using var linked = await LinkedGateways.StartAsync(2);
        for (var number = 1; number <= 4; number++)
        {
            var picture = await PictureAsync(linked, number);
            var (to, from) = (number % 2, (number + 1) % 2);
            Assert.Equal(HttpStatusCode.NoContent, await PutAsync(linked, to, picture));
            await Wait.UntilAsync(
                async () =>
                {
                    var still = linked[from].Http.GetAsync("/relay/cam.jpg");
                    await linked.AdvanceUntilAsync(() => still.IsCompleted, "an answer");
                    using var answer = await still;
                    return answer.IsSuccessStatusCode && (await answer.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(picture);
                },
                "picture " + number);
        }
    }

    [Fact]
    public async Task Single_pictures_are_refused_while_a_stream_is_published_elsewhere()
    {
        await using var linked = await LinkedGateways.StartAsync(2);
        using var camera = await Camera.OpenAsync(linked[0], "cam");
        var picture = await PictureAsync(linked, 1);
        await camera.SendFrameAsync(picture);
        await WaitUntilKnownAsync(linked, 1);
        Assert.Equal(HttpStatusCode.Conflict, await PutAsync(linked, 1, picture));
        Assert.Equal(204, await camera.EndAsync());
        await Wait.UntilAsync(async () => await PutAsync(linked, 1, picture) == HttpStatusCode.NoContent, "the end of the stream to be heard of");
    }

    [Fact]
    public async Task What_cannot_be_fetched_is_asked_for_more_and_more_rarely()
    {
        await using var linked = await LinkedGateways.StartAsync(2);
        var picture = await PictureAsync(linked, 1);
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(linked, 0, picture));
        await WaitUntilKnownAsync(linked, 1);

        // The other gateway may not take the picture any more that this one has.
        await LimitAsync(100);
        var connections = linked.CableTo(0).Connections;
        using var watcher = await WatchAsync(linked, 1);
        await linked[1].AdvanceForAsync(TimeSpan.FromMinutes(1));
        Assert.InRange(linked.CableTo(0).Connections - connections, 5, 20);

        await LimitAsync(100_000);
        var from = linked.Clock.GetUtcNow();
        await ReadUntilAsync(linked, watcher, picture);
        Assert.InRange(linked.Clock.GetUtcNow() - from, TimeSpan.Zero, TimeSpan.FromSeconds(12));

        async Task LimitAsync(int bytes)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/channels/cam") { Content = JsonContent.Create(new { maxFrameBytes = bytes }) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", RunningGateway.OperatorKey);
            request.Headers.TryAddWithoutValidation("If-Match", bytes == 100 ? null : "*");
            using var answer = await linked[1].Http.SendAsync(request);
            Assert.True(answer.IsSuccessStatusCode, answer.ToString());
            await linked.AdvanceUntilAsync(
                () => linked[1].App.Services.GetRequiredService<RelayChannels>().MostBytes("cam") == bytes, "the limit to be known");
        }
    }

    [Fact]
    public async Task Channels_of_a_gateway_that_stops_are_forgotten()
    {
        await using var linked = await LinkedGateways.StartAsync(2);
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(linked, 1, await PictureAsync(linked, 1)));
        await WaitUntilKnownAsync(linked, 0);
        await linked[1].StopAsync();
        await linked.AdvanceUntilAsync(() => Elsewhere(linked, 0) is null, "the goodbye");
    }

    [Fact]
    public async Task Only_gateways_get_pictures_from_gateways()
    {
        await using var linked = await LinkedGateways.StartAsync(2);
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(linked, 0, await PictureAsync(linked, 1)));
        using var answer = await linked[0].Http.GetAsync(LinkEndpoints.Relay + "cam");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("""{"channels":{"../etc":1}}""")]
    [InlineData("""{"channels":{"cam":-1}}""")]
    [InlineData("""{"channels":{"cam":"x"}}""")]
    [InlineData("""{"channels":[]}""")]
    public async Task Channels_that_cannot_be_end_the_link(string line)
    {
        await using var linked = await LinkedGateways.StartAsync(2);
        var connections = linked.CableTo(1).Connections;
        linked.CableTo(1).Insert(System.Text.Encoding.UTF8.GetBytes($"{line.Length + 1:x}\r\n{line}\n\r\n"));
        await linked.AdvanceUntilAsync(() => linked.CableTo(1).Connections > connections && linked.Heard(0) == 1, "a new link");
        Assert.Null(Elsewhere(linked, 0));
    }

    private static Task<byte[]> PictureAsync(LinkedGateways linked, int number) => linked[0].PreviewAsync("n=" + number, "jpg");

    private static ChannelStatus? Channel(LinkedGateways linked, int i) => linked[i].App.Services.GetRequiredService<RelayChannels>().Status("cam");

    private static string? Elsewhere(LinkedGateways linked, int i) =>
        linked[i].App.Services.GetRequiredService<Gateway.Relay.Elsewhere.Sources>().Elsewhere("cam")?.Gateway;

    private static Task WaitUntilKnownAsync(LinkedGateways linked, int i) =>
        linked.AdvanceUntilAsync(() => Elsewhere(linked, i) is not null, "the channel to be heard of");

    private static async Task<HttpStatusCode> PutAsync(LinkedGateways linked, int i, byte[] picture)
    {
        linked.Clock.Advance(TimeSpan.FromMilliseconds(100));
        using var request = new HttpRequestMessage(HttpMethod.Put, "/relay/cam") { Content = new ByteArrayContent(picture) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", RunningGateway.OperatorKey);
        using var answer = await linked[i].Http.SendAsync(request);
        return answer.StatusCode;
    }

    private static async Task<RawClient> WatchAsync(LinkedGateways linked, int i)
    {
        var watch = RawClient.OpenAsync(
            linked[i].Address, "/relay/cam.mjpeg", "User-Agent: Mozilla/5.0 " + Guid.NewGuid(), "Accept: image/*", "Sec-Fetch-Dest: image");
        await linked.AdvanceUntilAsync(() => watch.IsCompleted, "the stream to begin");
        var watcher = await watch;
        await watcher.ReadPreambleAsync("image/jpeg");
        return watcher;
    }

    private static async Task ReadUntilAsync(LinkedGateways linked, RawClient watcher, byte[] picture)
    {
        while (true)
        {
            var frame = watcher.ReadFrameAsync("image/jpeg");
            await linked.AdvanceUntilAsync(() => frame.IsCompleted, "a picture");
            if ((await frame).AsSpan().SequenceEqual(picture))
            {
                return;
            }
        }
    }
}
