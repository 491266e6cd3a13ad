using System.Net;
using Counter.Gateway.Operations;
using Counter.Gateway.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Options;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>The addresses that share a limit.</summary>
public sealed class AddressConnectionsTests
{
    private readonly AddressConnections connections = new(
        Options.Create(new LimitsOptions { ConnectionsPerAddress = 1 }), Options.Create(new ForwardedHeadersOptions()));

    [Theory]
    [InlineData("8.8.8.8", "8.8.8.8")]
    [InlineData("8.8.8.8", "::ffff:8.8.8.8")]
    [InlineData("2a00::1:2:3:4", "2a00::9:9:9:9")]
    public void Addresses_with_one_limit(string first, string second)
    {
        Assert.True(TryEnter(first, out var place));
        Assert.False(TryEnter(second, out _));
        place!.Dispose();
        Assert.True(TryEnter(second, out _));
    }

    [Theory]
    [InlineData("8.8.8.8", "8.8.8.9")]
    [InlineData("2a00::1:2:3:4", "2a00:0:0:1:1:2:3:4")]
    [InlineData("127.0.0.1", "::1")]
    [InlineData("::1", "::1")]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1")]
    public void Addresses_with_separate_limits_or_none(string first, string second)
    {
        Assert.True(TryEnter(first, out _));
        Assert.True(TryEnter(second, out _));
    }

    [Fact]
    public void A_connection_without_an_address_has_no_limit() => Assert.True(connections.TryEnter(from: null, out _));

    private bool TryEnter(string address, out IDisposable? place) => connections.TryEnter(new IPEndPoint(IPAddress.Parse(address), 1), out place);
}
