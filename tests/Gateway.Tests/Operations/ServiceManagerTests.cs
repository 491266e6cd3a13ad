using System.Net;
using System.Net.Sockets;
using System.Text;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>The notifications to systemd.</summary>
public sealed class ServiceManagerTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("counter-test-");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task It_is_notified_when_the_gateway_listens_and_stops()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has systemd.");
        var path = Path.Combine(directory.FullName, "notify");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        await using var gateway = await GatewayProcess.StartAsync([IPAddress.Loopback], [], new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path });
        Assert.Equal("READY=1", await HearAsync(socket));
        await gateway.SignalAsync("TERM");
        Assert.StartsWith("STOPPING=1", await HearAsync(socket), StringComparison.Ordinal);
        Assert.Equal(0, await gateway.ExitAsync());
    }

    private static async Task<string> HearAsync(Socket socket)
    {
        var buffer = new byte[1000];
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, deadline.Token));
    }
}
