using System.Net;
using System.Net.Sockets;
using Counter.Counting.Webhooks;
using Counter.Gateway.Tests.Support;
using Counter.Gateway.Webhooks;
using Counter.Tests.Support;
using Microsoft.Extensions.Options;
using Xunit;

namespace Counter.Gateway.Tests.Webhooks;

/// <summary>A receiver with several addresses, of which some are dead.</summary>
public sealed class WebhookConnectionsTests : IAsyncLifetime
{
    private readonly ManualTimeProvider clock = new();
    private Receiver receiver = null!;

    private int Port => new Uri(receiver.Url).Port;

    public async ValueTask InitializeAsync() => receiver = await Receiver.StartAsync();

    public ValueTask DisposeAsync() => receiver.DisposeAsync();

    [Theory]
    [InlineData("::1", "127.0.0.1")]
    [InlineData("::1", "::1", "::1", "::1", "::1", "127.0.0.1")]
    [InlineData("127.0.0.2", "127.0.0.1")]
    public async Task A_silent_address_does_not_delay_the_next(params string[] addresses)
    {
        using var dead = await SilentAddress.StartAsync(IPAddress.Parse(addresses[0]), Port);
        var sending = SendAsync(addresses);
        await Wait.UntilAsync(
            () =>
            {
                clock.Advance(WebhookConnections.AttemptDelay);
                return sending.IsCompleted;
            },
            "the message to be sent");
        Assert.Equal(new Outcome(204, null), await sending);
        Assert.Single(receiver.Messages);
    }

    [Fact]
    public async Task After_a_refusal_the_next_address_is_tried_at_once() =>
        Assert.Equal(new Outcome(204, null), await SendAsync("::1", "127.0.0.2", "127.0.0.1"));

    [Fact]
    public async Task When_all_addresses_refuse_the_connection_fails() =>
        Assert.StartsWith("Nothing listens at the url", (await SendAsync("::1", "127.0.0.2")).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Names_are_resolved_by_the_system() =>
        Assert.Contains(IPAddress.Loopback, await WebhookConnections.LookUpAsync("localhost", TestContext.Current.CancellationToken));

    private async Task<Outcome> SendAsync(params string[] addresses)
    {
        var options = Options.Create(new WebhooksOptions { AllowPrivateAddresses = true });
        var connections = new WebhookConnections((_, _) => Task.FromResult(addresses.Select(IPAddress.Parse).ToArray()), options, clock);

        // The timeout of the sender has a clock that stands still.
        using var sender = new WebhookSender(connections, new ManualTimeProvider());
        var hook = new Webhook($"http://hooks.example:{Port}/hook", Page: null, Over: 5, Under: 4, Active: true, Signature.NewSecret());
        return await sender.SendAsync("example.com", hook, Delivery.New(Delivery.Rose, hook, 7, clock.GetUtcNow()), TestContext.Current.CancellationToken);
    }

    /// <summary>A listener that accepts no more connections, so that a connection attempt gets no answer.</summary>
    private sealed class SilentAddress : IDisposable
    {
        private readonly Socket listener;
        private readonly Socket first;

        private SilentAddress(Socket listener, Socket first) => (this.listener, this.first) = (listener, first);

        public static async Task<SilentAddress> StartAsync(IPAddress address, int port)
        {
            var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(address, port));
            listener.Listen(0);
            var first = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await first.ConnectAsync(address, port);
            return new SilentAddress(listener, first);
        }

        public void Dispose()
        {
            first.Dispose();
            listener.Dispose();
        }
    }
}
