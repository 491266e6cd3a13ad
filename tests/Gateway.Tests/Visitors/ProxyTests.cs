using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Counter.Gateway.Tests.Visitors;

/// <summary>Whose address it is: that of the peer, or what a trusted proxy says.</summary>
public sealed class ProxyTests
{
    private const string A = "http://example.com/a";
    private const string B = "http://example.com/b";
    private const string Explain = "/online.json?explain=1&site=example.com&page=/a";

    [Fact]
    public async Task Behind_a_trusted_proxy_the_forwarded_address_is_the_visitor()
    {
        using var log = new LogRecorder();
        await using var gateway = await RunningGateway.StartAsync(log, "--Proxies:Trusted=127.0.0.1");
        using var left = await LookAsync(gateway, A, "X-Forwarded-For: 203.0.113.7");
        using var other = await LookAsync(gateway, A, "X-Forwarded-For: 203.0.113.8");
        using var current = await LookAsync(gateway, B, "X-Forwarded-For: 203.0.113.7");
        Assert.Equal((1, 1), (await gateway.CountAsync(A), await gateway.CountAsync(B)));
        Assert.Equal(2, await gateway.CountAsync(A, "&count=visitors"));
        Assert.Empty(Warnings(log));
    }

    [Fact]
    public async Task Behind_an_unknown_proxy_every_stream_is_a_visitor_and_one_warning_says_so()
    {
        using var log = new LogRecorder();
        await using var gateway = await RunningGateway.StartAsync(log);
        using var left = await LookAsync(gateway, A, "X-Forwarded-For: 203.0.113.7");
        using var current = await LookAsync(gateway, B, "X-Forwarded-For: 203.0.113.7");
        using var again = await LookAsync(gateway, B, "Connection: close");
        Assert.Equal((1, 2), (await gateway.CountAsync(A), await gateway.CountAsync(B)));
        Assert.Equal(3, await gateway.CountAsync(A, "&count=visitors"));
        Assert.Contains("Proxies:Trusted", Assert.Single(Warnings(log)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_is_not_among_the_trusted_ones_is_unknown_too()
    {
        await using var gateway = await RunningGateway.StartAsync("--Proxies:Trusted=10.0.0.0/8");
        using var left = await LookAsync(gateway, A, "X-Forwarded-For: 203.0.113.7");
        using var current = await LookAsync(gateway, B, "X-Forwarded-For: 203.0.113.7");
        Assert.Equal((1, 1), (await gateway.CountAsync(A), await gateway.CountAsync(B)));
    }

    [Fact]
    public async Task A_client_cannot_pretend_that_a_trusted_proxy_vouches_for_it()
    {
        // X-Original-For is what the forwarding leaves behind, so nobody may send it.
        await using var gateway = await RunningGateway.StartAsync();
        string[] forged = ["X-Forwarded-For: 203.0.113.7", "X-Original-For: 127.0.0.1:9"];
        using var left = await LookAsync(gateway, A, forged);
        using var current = await LookAsync(gateway, B, forged);
        Assert.Equal((1, 1), (await gateway.CountAsync(A), await gateway.CountAsync(B)));
        using var explain = await gateway.OpenAsync(Explain, forged);
        Assert.Equal(403, explain.Status);
        using var withKey = await gateway.OpenAsync(Explain, [.. forged, "Authorization: Bearer " + RunningGateway.OperatorKey]);
        Assert.Equal(200, withKey.Status);
    }

    [Theory]
    [InlineData("", 200)]
    [InlineData("X-Forwarded-For: 203.0.113.7", 403)]
    [InlineData("X-Real-IP: 203.0.113.7", 403)]
    [InlineData("Forwarded: for=203.0.113.7", 403)]
    [InlineData("Via: 1.1 proxy", 403)]
    public async Task Only_who_asks_from_this_machine_without_a_proxy_is_told_why(string header, int status)
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var answer = await gateway.OpenAsync(Explain, header.Length > 0 ? [header] : []);
        Assert.Equal(status, answer.Status);
    }

    [Theory]
    [InlineData("203.0.113.7", 403)]
    [InlineData("10.0.0.7", 403)]
    [InlineData("2001:db8::7", 403)]
    [InlineData("127.0.0.1, 203.0.113.7", 403)]
    public async Task Through_a_trusted_proxy_the_operator_is_who_the_proxy_says(string forwarded, int status)
    {
        await using var gateway = await RunningGateway.StartAsync("--Proxies:Trusted=127.0.0.1");
        using var answer = await gateway.OpenAsync(Explain, "X-Forwarded-For: " + forwarded);
        Assert.Equal(status, answer.Status);
    }

    private static IEnumerable<string> Warnings(LogRecorder log) => log.Lines.Where(line => line.Level is >= LogLevel.Warning and < LogLevel.None).Select(line => line.Text);

    private static async Task<RawClient> LookAsync(RunningGateway gateway, string page, params string[] headers)
    {
        var viewer = await gateway.OpenAsync("/online.png", ["Referer: " + page, "User-Agent: Mozilla/5.0 Ada", "Sec-Fetch-Dest: image", .. headers]);
        await viewer.ReadPreambleAsync();
        await viewer.ReadFrameAsync();
        return viewer;
    }
}
