
namespace Counter.Gateway.Tests.Support;

/// <summary>A browser that uses TLS and one HTTP version. Its requests share connections. It stores no cookies.</summary>
public sealed class SecureBrowser : IDisposable
{
    private readonly RunningGateway gateway;
    private readonly Version version;
    private readonly HttpClient client;

    public SecureBrowser(RunningGateway gateway, Version version)
    {
        (this.gateway, this.version) = (gateway, version);
        var handler = new SocketsHttpHandler { UseCookies = false, EnableMultipleHttp2Connections = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        client = new HttpClient(handler) { BaseAddress = gateway.Address };
    }

    /// <summary>Opens the picture of a page and waits until it begins.</summary>
    public async Task<HttpResponseMessage> ViewAsync(string page, string? cookie = null)
    {
        gateway.Clock.Advance(TimeSpan.FromMilliseconds(100));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/online.png") { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Referrer = new Uri(page);
        request.Headers.Add("User-Agent", "Mozilla/5.0");
        request.Headers.Add("Sec-Fetch-Dest", "image");
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", "counter=" + cookie);
        }

        var answer = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await gateway.AdvanceUntilAsync(() => answer.IsCompleted, "the picture to begin");
        return await answer;
    }

    /// <summary>Gets a path, as a site's script or, with a key, its operator does.</summary>
    public async Task<string> AskAsync(string pathAndQuery, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, pathAndQuery);
        request.Headers.Authorization = key is null ? null : new("Bearer", key);
        using var answer = await client.SendAsync(request);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    /// <summary>The number of a page, or of its site.</summary>
    public async Task<int> CountAsync(string page, string parameters = "")
    {
        var url = new Uri(page);
        return int.Parse(await AskAsync($"/online.txt?site={url.Authority}&page={url.AbsolutePath}{parameters}"), System.Globalization.CultureInfo.InvariantCulture);
    }

    public void Dispose() => client.Dispose();
}
