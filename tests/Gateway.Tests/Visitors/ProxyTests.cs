using Counter.Counting.Cluster;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Documents;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Counter.Gateway.Tests.Visitors;

/// <summary>The address of a visitor: that of the peer, or the one from a trusted proxy.</summary>
public sealed class ProxyTests
{
    private const string A = "http://example.com/a";
    private const string B = "http://example.com/b";
    private const string Explain = "/online.json?explain=1&site=example.com&page=/a";

    [Fact]
    public async Task Behind_a_trusted_proxy_the_forwarded_address_identifies_the_visitor()
    {
        using var log = new LogRecorder();
        await using var gateway = await RunningGateway.StartAsync(log, "--Proxies:Trusted=127.0.0.1");
        using var left = await ViewAsync(gateway, A, "X-Forwarded-For: 203.0.113.7");
        using var other = await ViewAsync(gateway, A, "X-Forwarded-For: 203.0.113.8");
        using var current = await ViewAsync(gateway, B, "X-Forwarded-For: 203.0.113.7");
        Assert.Equal((1, 1), (await gateway.CountAsync(A), await gateway.CountAsync(B)));
        Assert.Equal(2, await gateway.CountAsync(A, "&count=visitors"));
        Assert.Empty(Warnings(log));
    }

    [Fact]
    public async Task Behind_an_unknown_proxy_every_stream_is_a_visitor_with_one_warning()
    {
        using var log = new LogRecorder();
        await using var gateway = await RunningGateway.StartAsync(log);
        using var left = await ViewAsync(gateway, A, "X-Forwarded-For: 203.0.113.7");
        using var current = await ViewAsync(gateway, B, "X-Forwarded-For: 203.0.113.7");
        using var again = await ViewAsync(gateway, B, "Connection: close");
        Assert.Equal((1, 2), (await gateway.CountAsync(A), await gateway.CountAsync(B)));
        Assert.Equal(3, await gateway.CountAsync(A, "&count=visitors"));
        Assert.Contains("Proxies:Trusted", Assert.Single(Warnings(log)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_is_not_configured_is_unknown()
    {
        await using var gateway = await RunningGateway.StartAsync("--Proxies:Trusted=10.0.0.0/8");
        using var left = await ViewAsync(gateway, A, "X-Forwarded-For: 203.0.113.7");
        using var current = await ViewAsync(gateway, B, "X-Forwarded-For: 203.0.113.7");
        Assert.Equal((1, 1), (await gateway.CountAsync(A), await gateway.CountAsync(B)));
    }

    [Fact]
    public async Task A_client_cannot_forge_a_trusted_proxy()
    {
        // X-Original-For is what the forwarding leaves behind, so nobody may send it.
        await using var gateway = await RunningGateway.StartAsync();
        string[] forged = ["X-Forwarded-For: 203.0.113.7", "X-Original-For: 127.0.0.1:9"];
        using var left = await ViewAsync(gateway, A, forged);
        using var current = await ViewAsync(gateway, B, forged);
        Assert.Equal((1, 1), (await gateway.CountAsync(A), await gateway.CountAsync(B)));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(401, "X-Forwarded-For: 127.0.0.1")]
    [InlineData(401, "Authorization: Bearer counter_0123456789ab_wrong")]
    [InlineData(200, "Authorization: Bearer " + RunningGateway.OperatorKey)]
    [InlineData(200, "X-Forwarded-For: 203.0.113.7", "Authorization: Bearer " + RunningGateway.OperatorKey)]
    public async Task The_explanation_of_a_number_needs_a_key_from_any_address(int status, params string[] headers)
    {
        // Behind a proxy on this machine everybody comes from loopback.
        foreach (var settings in new string[][] { [], ["--Proxies:Trusted=127.0.0.1"] })
        {
            await using var gateway = await RunningGateway.StartAsync(settings);
            using var answer = await gateway.OpenAsync(Explain, headers);
            Assert.Equal(status, answer.Status);
        }
    }

    [Theory]
    [InlineData(nameof(KeyRole.Read), "example.com", 200)]
    [InlineData(nameof(KeyRole.Manage), "example.com", 200)]
    [InlineData(nameof(KeyRole.Read), "other.example", 403)]
    [InlineData(nameof(KeyRole.Publish), "example.com", 403)]
    public async Task A_key_that_may_read_the_site_gets_the_explanation(string role, string scope, int status)
    {
        await using var gateway = await RunningGateway.StartAsync();
        var (key, _, stored) = gateway.App.Services.GetRequiredService<KeyStore>().Make("a test", Enum.Parse<KeyRole>(role), scope, "a test");
        await gateway.App.Services.GetRequiredService<ICluster>().Documents.TryChangeAsync([stored], TestContext.Current.CancellationToken);
        using var answer = await gateway.OpenAsync(Explain, "Authorization: Bearer " + key);
        Assert.Equal(status, answer.Status);
    }

    [Theory]
    [InlineData("http://counter.test")]
    [InlineData("http://forwarded.test", "--Proxies:ForwardedHost=true")]
    public async Task A_forwarded_host_is_ignored_unless_it_is_configured(string address, params string[] settings)
    {
        await using var gateway = await RunningGateway.StartAsync(["--Proxies:Trusted=127.0.0.1", .. settings]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Host = "counter.test";
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", "203.0.113.7");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", "forwarded.test");
        using var answer = await gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains(address + "/online", page, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Warnings(LogRecorder log) => log.Lines.Where(line => line.Level is >= LogLevel.Warning and < LogLevel.None).Select(line => line.Text);

    private static async Task<RawClient> ViewAsync(RunningGateway gateway, string page, params string[] headers)
    {
        var viewer = await gateway.OpenAsync("/online.png", ["Referer: " + page, "User-Agent: Mozilla/5.0 Ada", "Sec-Fetch-Dest: image", .. headers]);
        await viewer.ReadPreambleAsync();
        await viewer.ReadFrameAsync();
        return viewer;
    }
}
