using System.Net;
using System.Net.Http.Headers;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Admin;

/// <summary>Relay channels in the admin API, and what their settings do.</summary>
public sealed class ChannelTests : AdminTest
{
    private const string Cam = "/channels/cam";

    [Fact]
    public async Task A_channel_is_created_by_its_first_picture_and_deleted_with_its_keys()
    {
        await ReadAsync(HttpStatusCode.NotFound, "GET", Cam);
        var (key, _) = await MakeKeyAsync("publish", channel: "cam");
        using var published = await PublishAsync("cam", key);
        Assert.Equal(HttpStatusCode.NoContent, published.StatusCode);
        using var elsewhere = await PublishAsync("door", key);
        Assert.Equal(HttpStatusCode.Forbidden, elsewhere.StatusCode);

        var seen = await ReadAsync(HttpStatusCode.OK, "GET", Cam, key: key);
        Assert.Equal(1, seen.GetProperty("status").GetProperty("frames").GetInt32());
        Assert.False(seen.GetProperty("registered").GetBoolean());
        Assert.Equal(["cam"], Names(await ReadAsync(HttpStatusCode.OK, "GET", "/channels"), "channel"));

        using var watcher = await RawClient.OpenAsync(Gateway.Address, "/relay/cam.mjpeg", "User-Agent: Mozilla/5.0 a");
        await ReadAsync(HttpStatusCode.NoContent, "DELETE", Cam);
        await watcher.ReadToEndAsync();
        await ReadAsync(HttpStatusCode.NotFound, "GET", Cam);
        await ReadAsync(HttpStatusCode.NotFound, "DELETE", Cam);
        using var revoked = await PublishAsync("cam", key);
        Assert.Equal(HttpStatusCode.Unauthorized, revoked.StatusCode);
    }

    [Fact]
    public async Task Settings_apply_from_the_next_picture()
    {
        using var before = await PublishAsync("cam");
        Assert.Equal(HttpStatusCode.NoContent, before.StatusCode);
        await ReadAsync(HttpStatusCode.Created, "PUT", Cam, new { maxFrameBytes = 100 });
        using var after = await PublishAsync("cam");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, after.StatusCode);
        await ReadAsync((HttpStatusCode)428, "PUT", Cam, new { });
        await ReadAsync(HttpStatusCode.OK, "PUT", Cam, new { notice = "Back at eight" }, ifMatch: "*");
        Assert.Equal(["channel.change", "channel.create"], Names(await ReadAsync(HttpStatusCode.OK, "GET", "/audit"), "what"));
    }

    [Theory]
    [InlineData("""{"maxFrameBytes":0}""", "maxFrameBytes")]
    [InlineData("""{"maxFrameBytes":2000000001}""", "maxFrameBytes")]
    [InlineData("""{"maxFramesPerSecond":61}""", "maxFramesPerSecond")]
    [InlineData("""{"noticeAfterSeconds":-1}""", "noticeAfterSeconds")]
    [InlineData("""{"notice":null}""", "notice")]
    [InlineData("""{"notice":"a\u0000b"}""", "notice")]
    [InlineData("""{"volume":11}""", "volume")]
    public async Task Invalid_settings_are_reported_by_field(string body, string field)
    {
        var problem = await ReadAsync(HttpStatusCode.BadRequest, "PUT", Cam, body);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
    }

    [Theory]
    [InlineData("/channels/..%2Fcam")]
    [InlineData("/channels/Cam")]
    [InlineData("/channels/cam%0d%0aX:1")]
    public async Task An_unknown_or_invalid_channel_is_refused(string path)
    {
        var problem = await ReadAsync(HttpStatusCode.BadRequest, "PUT", path, "{}");
        Assert.True(problem.GetProperty("errors").TryGetProperty("channel", out _), problem.ToString());
    }

    private async Task<HttpResponseMessage> PublishAsync(string channel, string key = RunningGateway.OperatorKey)
    {
        using var content = new ByteArrayContent(await Gateway.PreviewAsync("n=1", "jpg"));
        using var request = new HttpRequestMessage(HttpMethod.Put, "/relay/" + channel) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        Gateway.Clock.Advance(TimeSpan.FromSeconds(1));
        return await Gateway.Http.SendAsync(request, Cancelled);
    }
}
