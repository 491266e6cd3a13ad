using System.Net;
using System.Net.Sockets;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>The connections of one address are limited without an effect on others.</summary>
public sealed class AddressLimitTests : IDisposable
{
    private static readonly IPAddress One = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress Other = IPAddress.Parse("127.0.0.3");

    private readonly List<RawClient> open = [];

    public void Dispose() => open.ForEach(client => client.Dispose());

    [Fact]
    public async Task A_connection_over_the_limit_of_its_address_is_closed()
    {
        var log = new LogRecorder();
        await using var gateway = await RunningGateway.StartAsync(log, "--Limits:ConnectionsPerAddress=2", "--Limits:ExemptPrivateAddresses=false");
        Assert.True(await IsServedAsync(gateway, One));
        Assert.True(await IsServedAsync(gateway, One));
        Assert.False(await IsServedAsync(gateway, One));
        Assert.False(await IsServedAsync(gateway, One));
        Assert.True(await IsServedAsync(gateway, Other));
        var line = Assert.Single(log.Lines, line => line.Text.Contains("Limits:ConnectionsPerAddress", StringComparison.Ordinal));
        Assert.DoesNotContain("127.0.0", line.Text, StringComparison.Ordinal);
        open[0].Dispose();
        await Wait.UntilAsync(() => IsServedAsync(gateway, One), "the place of who left");
    }

    [Theory]
    [InlineData("--Limits:ExemptPrivateAddresses=true")]
    [InlineData("--Limits:ExemptPrivateAddresses=false", "--Proxies:Trusted=127.0.0.0/29")]
    public async Task A_private_address_or_a_trusted_proxy_has_no_limit(params string[] settings)
    {
        await using var gateway = await RunningGateway.StartAsync(["--Limits:ConnectionsPerAddress=1", .. settings]);
        Assert.True(await IsServedAsync(gateway, One));
        Assert.True(await IsServedAsync(gateway, One));
    }

    /// <summary>Whether a new connection is served; it stays open then.</summary>
    private async Task<bool> IsServedAsync(RunningGateway gateway, IPAddress from)
    {
        try
        {
            open.Add(await RawClient.OpenAsync(gateway.Address, from, "/health/live"));
            return true;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return false;
        }
    }
}
