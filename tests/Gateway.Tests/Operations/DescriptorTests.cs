using System.Net;
using System.Net.Sockets;
using Counter.Gateway.Tests.Support;
using Counter.Grains.Hosting;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>With more connections than descriptors, open ones are served, and new ones when there is room again.</summary>
public sealed class DescriptorTests : IDisposable
{
    private const int Descriptors = 600;

    private readonly List<Socket> idle = [];

    public void Dispose() => idle.ForEach(socket => socket.Dispose());

    [Fact]
    public async Task Without_free_descriptors_open_connections_are_still_served()
    {
        await using var gateway = await GatewayProcess.StartAsync(
            [IPAddress.Loopback], ["--Streaming:RefreshSeconds=1"], new Dictionary<string, string>(), Descriptors);
        var address = gateway.Addresses[0];
        using var viewer = await RawClient.OpenAsync(address, "/online/events?site=example.com&page=/a");
        using var reader = new HttpClient { BaseAddress = address };
        await reader.GetStringAsync("/health/live", TestContext.Current.CancellationToken);
        for (var i = 0; i < 2 * Descriptors; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            idle.Add(socket);
            try
            {
                await socket.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
            }
            catch (SocketException)
            {
                // It was cut before it knew that it was connected.
            }
        }

        await Wait.UntilAsync(() => idle.Count(IsCut) > Descriptors, "those beyond the limit to be cut");

        // Over a connection from before. What it asks for has not been loaded yet, and that takes descriptors too.
        Assert.NotEmpty(await reader.GetByteArrayAsync("/preview.png?n=1", TestContext.Current.CancellationToken));
        for (var i = 0; i < 3; i++)
        {
            await viewer.ReadBodyUntilAsync("data: ");
        }

        idle.ForEach(socket => socket.Dispose());
        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    using var client = await RawClient.OpenAsync(address, "/health/live", "Connection: close");
                    return client.Status == 200;
                }
                catch (Exception e) when (e is IOException or SocketException)
                {
                    return false;
                }
            },
            "room for others again");
        await viewer.ReadBodyUntilAsync("data: ");
    }

    [Theory]
    [InlineData("Max open files            1024                 524288               files     ", 1024)]
    [InlineData("Max open files            1048576              1048576              files     ", 1048576)]
    [InlineData("Max open files            unlimited            unlimited            files     ", null)]
    [InlineData("Max processes             96365                96365                processes ", null)]
    public void The_limit_is_read_from_the_system(string line, int? limit) => Assert.Equal(
        limit, Gateway.Operations.FileDescriptors.Read(["Limit                     Soft Limit           Hard Limit           Units     ", line]));

    [Theory]
    [InlineData(512, 384)]
    [InlineData(4096, 3072)]
    [InlineData(20_000, 17_952)]
    public void A_share_of_the_limit_is_reserved_for_files(int limit, int first)
    {
        var descriptors = new Gateway.Operations.FileDescriptors(limit);
        Assert.False(descriptors.IsSpare(first - 1));
        Assert.True(descriptors.IsSpare(first));
        Assert.Throws<SettingException>(() => new Gateway.Operations.FileDescriptors(511));
    }

    [Fact]
    public void Without_a_limit_nothing_is_reserved() => Assert.False(new Gateway.Operations.FileDescriptors(null).IsSpare(int.MaxValue));

    private static bool IsCut(Socket socket) => socket.Poll(0, SelectMode.SelectRead);
}
