using System.Diagnostics.Metrics;
using System.Net;
using Counter.Counting.Cluster;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Documents;
using Counter.Gateway.Operations;
using Counter.Gateway.Relay;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Relay;

/// <summary>The effects of a refusal, and its metric.</summary>
public sealed class RefusalTests() : RelayTest("--Relay:MaxFrameBytes=65536", "--Relay:MaxFramesPerSecond=10", "--Relay:Channels=2")
{
    [Fact]
    public async Task A_publisher_during_shutdown_is_not_announced()
    {
        Gateway.App.Lifetime.StopApplication();
        using var camera = await Camera.OpenAsync(Gateway, "cam");
        Assert.Equal(503, await camera.ReadStatusAsync());
        Assert.Contains("The gateway is stopping", await camera.ReadSentenceAsync(), StringComparison.Ordinal);
        using var single = await PutAsync(await PictureAsync(1));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, single.StatusCode);
        Assert.Empty(Channels.All);
    }

    [Theory]
    [InlineData("PUT", "zz\r\nhello\r\n0\r\n\r\n")]
    [InlineData("PUT", "5\r\nhelloworld\r\n0\r\n\r\n")]
    [InlineData("PUT", "FFFFFFFFFFFFFFFFF\r\n")]
    [InlineData("POST", "FFFFFFFFFFFFFFFFF\r\n")]
    [InlineData("POST", "zz\r\nhello\r\n0\r\n\r\n")]
    [InlineData("POST", "a\r\n--ffmpeg\r\n\r\nzz\r\n")]
    public async Task A_body_with_broken_chunks_is_refused_and_not_shown(string method, string body)
    {
        using var client = await RawClient.SendAsync(
            Gateway.Address,
            $"{method} /relay/cam HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {RunningGateway.OperatorKey}\r\nTransfer-Encoding: chunked\r\n\r\n{body}");
        Assert.Equal(400, client.Status);
        Assert.Contains("application/problem+json", client.Head, StringComparison.Ordinal);
        Assert.True(Channels.Status("cam") is null or { Frames: 0, Publishing: false });
    }

    [Fact]
    public async Task The_metric_has_the_reason_of_a_refusal()
    {
        var reasons = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "counter.relay.frames.refused" && instrument.Meter == Gateway.App.Services.GetRequiredService<CounterMetrics>().Meter)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => reasons.Add((string)tags[0].Value!));
        listener.Start();
        var picture = await PictureAsync(1);
        await ExpectAsync(400, picture[..^20]);
        await ExpectAsync(413, new byte[65537]);
        await ExpectAsync(204, picture);
        using (var rash = await PutAtOnceAsync(picture))
        {
            Assert.Equal(429, (int)rash.StatusCode);
        }

        var documents = Gateway.App.Services.GetRequiredService<ICluster>().Documents;
        var (key, _, stored) = Gateway.App.Services.GetRequiredService<KeyStore>().Make("a camera", KeyRole.Publish, "live", "a test");
        await documents.TryChangeAsync([stored], TestContext.Current.CancellationToken);
        using var camera = await Camera.OpenAsync(Gateway, "live", key: key.ToString());
        await WaitForAsync(status => status.Publishing, "the stream", "live");
        await ExpectAsync(409, picture, "live");
        await ExpectAsync(503, picture, "third");
        await documents.TryChangeAsync([stored with { Json = null, Expected = null }], TestContext.Current.CancellationToken);
        Gateway.Clock.Advance(TimeSpan.FromSeconds(11));
        await camera.SendFrameAsync(picture);
        Assert.Equal(401, await camera.ReadStatusAsync());
        Assert.Equal(["broken", "size", "rate", "taken", "channels", "key"], reasons);

        async Task ExpectAsync(int status, byte[] file, string channel = "cam")
        {
            using var answer = await PutAsync(file, channel);
            Assert.Equal(status, (int)answer.StatusCode);
        }
    }

    [Fact]
    public async Task Over_the_limit_of_channels_nothing_is_drawn()
    {
        var asked = 0;
        ChannelSettings? LookUp(string channel)
        {
            asked++;
            return null;
        }

        await using var full = await RunningGateway.StartAsync(
            null, services => services.AddSingleton(new ChannelLookup(LookUp)), "--Relay:Channels=1");
        var channels = full.App.Services.GetRequiredService<RelayChannels>();
        Assert.True(channels.TryFindOrAdd("first", out _));
        Assert.Equal(1, asked);
        Assert.False(channels.TryFindOrAdd("second", out _));

        // What would be drawn was not even asked for.
        Assert.Equal(1, asked);
        Assert.True(channels.TryFindOrAdd("first", out _));
    }
}
