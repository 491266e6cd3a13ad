using System.Net;
using System.Net.Http.Headers;
using Counter.Gateway.Documents;
using Counter.Gateway.Relay;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Counter.Gateway.Tests.Relay;

/// <summary>What tests of the relay share: a gateway, pictures to publish, and somebody who watches.</summary>
public abstract class RelayTest : IAsyncLifetime
{
    protected const string Jpeg = "image/jpeg";
    protected const string Page = "http://relay/cam";

    private readonly string[] settings;
    private readonly LogRecorder log = new();

    private protected RelayTest(params string[] settings) => this.settings = settings;

    protected RunningGateway Gateway { get; private set; } = null!;

    /// <summary>What was decided for all channels; may change while the gateway runs.</summary>
    private protected ChannelSettings? Decided { get; set; }

    private protected RelayChannels Channels => Gateway.App.Services.GetRequiredService<RelayChannels>();

    public async ValueTask InitializeAsync() => Gateway = await RunningGateway.StartAsync(
        log, services => services.AddSingleton(new ChannelLookup(_ => Decided)), settings);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Gateway.DisposeAsync();

        // Whatever strangers send, it is no error of the gateway's.
        Assert.Empty(log.Lines.Where(line => line.Level is LogLevel.Error or LogLevel.Critical).Select(line => line.Text));
    }

    /// <summary>A picture that differs from those of other numbers.</summary>
    protected Task<byte[]> PictureAsync(int number, string extension = "jpg") => Gateway.PreviewAsync("n=" + number, extension);

    /// <summary>Publishes one picture, after some time.</summary>
    protected async Task<HttpResponseMessage> PutAsync(byte[] picture, string channel = "cam", string key = RunningGateway.OperatorKey, string? type = null)
    {
        Gateway.Clock.Advance(TimeSpan.FromMilliseconds(100));
        return await PutAtOnceAsync(picture, channel, key, type);
    }

    protected async Task<HttpResponseMessage> PutAtOnceAsync(
        byte[] picture, string channel = "cam", string key = RunningGateway.OperatorKey, string? type = null)
    {
        using var content = new ByteArrayContent(picture);
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/relay/" + channel) { Content = content };
        request.Headers.Authorization = key.Length > 0 ? new AuthenticationHeaderValue("Bearer", key) : null;
        return await Gateway.Http.SendAsync(request);
    }

    /// <summary>Publishes one picture, which must be taken.</summary>
    protected async Task ShowAsync(byte[] picture, string channel = "cam")
    {
        using var answer = await PutAsync(picture, channel);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    /// <summary>Watches as a browser on a page does, and reads what comes before the first picture.</summary>
    protected async Task<RawClient> WatchAsync(string path = "/relay/cam.mjpeg", string type = Jpeg, string? agent = null)
    {
        var watcher = await ViewAsync(path, agent);
        await watcher.ReadPreambleAsync(type);
        return watcher;
    }

    protected Task<RawClient> ViewAsync(string path = "/relay/cam.mjpeg", string? agent = null) => RawClient.OpenAsync(
        Gateway.Address, path, "User-Agent: Mozilla/5.0 " + (agent ?? Guid.NewGuid().ToString()), "Accept: image/*", "Sec-Fetch-Dest: image");

    private protected Task WaitForAsync(Func<ChannelStatus, bool> condition, string what, string channel = "cam") => Wait.UntilAsync(
        () => Task.FromResult(Channels.Status(channel) is { } status && condition(status)), what);
}
