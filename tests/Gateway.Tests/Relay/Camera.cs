using System.Globalization;
using System.Text;
using Counter.Gateway.Tests.Support;

namespace Counter.Gateway.Tests.Relay;

/// <summary>Publishes a stream with the very bytes that ffmpeg 5.1 sends (<c>-f mpjpeg -method POST</c>).</summary>
internal sealed class Camera : IDisposable
{
    private readonly RawClient client;

    private Camera(RawClient client) => this.client = client;

    public static async Task<Camera> OpenAsync(RunningGateway gateway, string channel, string? contentType = null, string begin = "--ffmpeg\r\n", string key = RunningGateway.OperatorKey)
    {
        var type = contentType is null ? "" : $"Content-Type: {contentType}\r\n";
        var camera = new Camera(await RawClient.ConnectAsync(
            gateway.Address,
            $"POST /relay/{channel} HTTP/1.1\r\nTransfer-Encoding: chunked\r\nUser-Agent: Lavf/59.27.100\r\nAccept: */*\r\n{type}"
            + $"Connection: close\r\nHost: {gateway.Address.Authority}\r\nIcy-MetaData: 1\r\nAuthorization: Bearer {key}\r\n\r\n"));
        await camera.SendAsync(begin);
        return camera;
    }

    /// <summary>Sends a picture and, at once, the boundary of the next one.</summary>
    public Task SendFrameAsync(byte[] picture) => SendAsync([.. Header(picture.Length), .. picture, .. "\r\n--ffmpeg\r\n"u8]);

    public static byte[] Header(long length) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Content-type: image/jpeg\r\nContent-length: {length}\r\n\r\n"));

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends bytes as one chunk.</summary>
    public Task SendAsync(byte[] bytes) => client.WriteAsync((byte[])
        [.. Encoding.ASCII.GetBytes(bytes.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), .. bytes, .. "\r\n"u8]);

    /// <summary>Ends the body properly and reads the answer.</summary>
    public async Task<int> EndAsync()
    {
        await client.WriteAsync("0\r\n\r\n"u8.ToArray());
        return await client.ReadStatusAsync();
    }

    /// <summary>Ends the body properly, and does not wait for the answer.</summary>
    public async Task LeaveAsync()
    {
        await client.WriteAsync("0\r\n\r\n"u8.ToArray());
        client.Dispose();
    }

    /// <summary>Waits until the gateway ends the request.</summary>
    public Task<int> ReadStatusAsync() => client.ReadStatusAsync();

    public async Task<string> ReadSentenceAsync() => Encoding.UTF8.GetString(await client.ReadToEndAsync());

    public void Dispose() => client.Dispose();
}
