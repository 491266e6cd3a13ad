using System.Net;
using Counter.Gateway.Tests.Support;
using Counter.Grains.Hosting;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>A proxy serves the gateway below a path.</summary>
public sealed class PathBaseTests
{
    private const string Firefox = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "X-Forwarded-Prefix: /counter", "")]
    [InlineData("/counter", "X-Nothing: 1", "")]
    [InlineData("/counter", "X-Nothing: 1", "/counter")]
    [InlineData("", "X-Forwarded-Prefix: /counter", "/counter")]
    public async Task Addresses_in_answers_have_the_path_base(string setting, string header, string passed)
    {
        await using var gateway = await RunningGateway.StartAsync("--Proxies:Trusted=127.0.0.1", "--Proxies:PathBase=" + setting);
        using var firefox = await gateway.OpenAsync($"{passed}/online.png?site=example.com&page=/", Firefox, header);
        Assert.Contains("Location: /counter/online.png?site=example.com", firefox.Head, StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Get, passed + "/play");
        var (name, value) = (header.Split(": ")[0], header.Split(": ")[1]);
        request.Headers.Add(name, value);
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");
        using var page = await gateway.Http.SendAsync(request, Cancelled);
        var html = await page.Content.ReadAsStringAsync(Cancelled);
        Assert.Contains("action=\"/counter/play\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/counter/icon.svg\"", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("(href|src|action)=\"/(?!counter/)", html);
        using var form = new HttpRequestMessage(HttpMethod.Post, passed + "/sign-in") { Content = new FormUrlEncodedContent([new("key", RunningGateway.OperatorKey)]) };
        form.Headers.Add(name, value);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = gateway.Address };
        using var signed = await client.SendAsync(form, Cancelled);
        Assert.Equal((HttpStatusCode.SeeOther, "/counter/monitor"), (signed.StatusCode, signed.Headers.Location!.OriginalString));
        Assert.Contains("path=/counter; samesite", Assert.Single(signed.Headers.GetValues("Set-Cookie")), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_forwarded_prefix_is_ignored()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var firefox = await gateway.OpenAsync("/online.png?site=example.com&page=/", Firefox, "X-Forwarded-Prefix: /counter");
        Assert.Contains("Location: /online.png", firefox.Head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("counter")]
    [InlineData("/counter/")]
    [InlineData("//counter.example")]
    [InlineData("/a b")]
    public void An_invalid_path_base_stops_the_start(string path) =>
        Assert.Contains("Proxies:PathBase", Assert.Throws<SettingException>(() => CounterApp.Build(["--Proxies:PathBase=" + path])).Message, StringComparison.Ordinal);
}
