using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Counter.Counting.Webhooks;
using Counter.Gateway.Tests.Support;
using Counter.Gateway.Webhooks;
using Counter.Tests.Support;
using Microsoft.Extensions.Options;
using Xunit;

namespace Counter.Gateway.Tests.Webhooks;

/// <summary>One message to a real receiver, and to forbidden addresses.</summary>
public sealed class WebhookSenderTests : IDisposable
{
    private const string NotPublic = "The url leads to an address that is not public";

    private readonly ManualTimeProvider clock = new();
    private readonly List<WebhookSender> senders = [];

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://127.1/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://0/")]
    [InlineData("http://localhost/")]
    [InlineData("http://①②⑦.0.0.1/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://[64:ff9b::7f00:1]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[fd00:ec2::254]/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://100.100.100.200/")]
    [InlineData("https://192.168.1.1:8443/")]
    public async Task Addresses_that_are_not_public_are_refused(string url)
    {
        var outcome = await SendAsync(Courier(allowPrivate: false), url);
        Assert.Null(outcome.Status);
        Assert.StartsWith(NotPublic, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(new Uri(url).Host, outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("93.184.215.14", "127.0.0.1")]
    [InlineData("127.0.0.1", "93.184.215.14")]
    [InlineData("2606:4700::1", "::1")]
    [InlineData("93.184.215.14", "::ffff:10.0.0.1")]
    public async Task A_name_with_one_address_that_is_not_public_is_refused(params string[] addresses)
    {
        var sender = Courier(allowPrivate: false, (_, _) => Task.FromResult(addresses.Select(IPAddress.Parse).ToArray()));
        Assert.StartsWith(NotPublic, (await SendAsync(sender, "http://hooks.example/")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_name_is_resolved_once_and_the_checked_address_is_used()
    {
        await using var receiver = await Receiver.StartAsync();
        var lookups = 0;
        var sender = Courier(allowPrivate: true, (host, _) =>
        {
            Assert.Equal("hooks.example", host);
            return Task.FromResult(lookups++ == 0 ? new[] { IPAddress.Loopback } : throw new InvalidOperationException("Looked up twice."));
        });
        Assert.Equal(new Outcome(204, null), await SendAsync(sender, $"http://hooks.example:{new Uri(receiver.Url).Port}/hook"));
        Assert.Single(receiver.Messages);
    }

    [Fact]
    public async Task The_receiver_can_verify_the_signature()
    {
        await using var receiver = await Receiver.StartAsync();
        var secret = Signature.NewSecret();
        var outcome = await SendAsync(Courier(allowPrivate: true), receiver.Url, secret);
        Assert.Equal(new Outcome(204, null), outcome);
        var message = Assert.Single(receiver.Messages);
        Assert.Equal("application/json", message.ContentType);
        Assert.Equal(clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), message.Timestamp);
        Assert.Equal(
            """{"type":"viewers.rose","site":"example.com","page":"/a","viewers":7,"over":5,"under":4,"at":"2026-03-01T12:00:00+00:00"}""",
            Encoding.UTF8.GetString(message.Body));

        // As a receiver would, from the specification and not from our code.
        var key = Convert.FromBase64String(secret.Split('_')[1]);
        Assert.Equal(32, key.Length);
        var signed = Encoding.UTF8.GetBytes($"{message.Id}.{message.Timestamp}.").Concat(message.Body).ToArray();
        Assert.Equal("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed)), message.Signature);
    }

    [Fact]
    public void The_signature_matches_the_specification_s_example() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        Signature.Sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""u8));

    [Theory]
    [InlineData(200, null)]
    [InlineData(299, null)]
    [InlineData(302, "The answer was 302. Redirects are not followed: change the url to the address that the redirect names.")]
    [InlineData(304, "The answer was 304. Redirects are not followed: change the url to the address that the redirect names.")]
    [InlineData(400, "The answer was 400. Only 200 to 299 mean success.")]
    [InlineData(410, "The answer was 410 Gone, so the webhook was switched off.")]
    [InlineData(503, "The answer was 503. Only 200 to 299 mean success.")]
    public async Task The_status_decides_about_success(int status, string? error)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Response.Headers.Location = receiver.Url + "/elsewhere";
            return Receiver.Status(context, status);
        };
        Assert.Equal(new Outcome(status, error), await SendAsync(Courier(allowPrivate: true), receiver.Url));
        Assert.Single(receiver.Messages);
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("0", 0)]
    [InlineData("Sun, 01 Mar 2026 12:01:30 GMT", 90)]
    [InlineData("-5", null)]
    [InlineData("99999999999999", null)]
    [InlineData("soon", null)]
    public async Task A_Retry_After_is_parsed_as_seconds_or_a_date(string asked, int? seconds)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Response.Headers.RetryAfter = asked;
            return Receiver.Status(context, 503);
        };
        var outcome = await SendAsync(Courier(allowPrivate: true), receiver.Url);
        Assert.Equal((503, seconds), (outcome.Status, (int?)outcome.RetryAfter?.TotalSeconds));
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_gets_ten_seconds()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = context => Wait.ForeverAsync(context.RequestAborted);
        var sending = SendAsync(Courier(allowPrivate: true), receiver.Url);
        await Wait.UntilAsync(() => Task.FromResult(receiver.Messages.Count == 1), "the message");
        clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(sending.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(new Outcome(null, "There was no answer within 10 seconds."), await sending);
    }

    [Theory]
    [InlineData("Content-Length: 1000000000000")]
    [InlineData("X-Until: the end of the connection")]
    public async Task The_body_of_an_answer_is_not_read(string header)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var sending = SendAsync(Courier(allowPrivate: true), $"http://{listener.LocalEndpoint}/");
        using var socket = await listener.AcceptSocketAsync();
        var block = new byte[64 * 1024];
        await socket.ReceiveAsync(block);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{header}\r\n\r\n"));
        long sent = 0;
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (true)
            {
                sent += await socket.SendAsync(block);
            }
        });
        Assert.Equal(new Outcome(200, null), await sending);

        // What fits into the buffers of a loopback connection.
        Assert.InRange(sent, 0, 16 * 1024 * 1024);
    }

    [Fact]
    public async Task Too_long_headers_are_a_failure()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Response.Headers["X-Long"] = new string('a', 100_000);
            return Task.CompletedTask;
        };
        var outcome = await SendAsync(Courier(allowPrivate: true), receiver.Url);
        Assert.Equal(new Outcome(null, "The receiver sent no valid HTTP answer, or closed the connection."), outcome);
    }

    [Fact]
    public async Task Failures_are_explained_in_words()
    {
        await using var receiver = await Receiver.StartAsync();
        var port = new Uri(receiver.Url).Port;
        var sender = Courier(allowPrivate: true);
        Assert.StartsWith("The connection is not secure", (await SendAsync(sender, $"https://127.0.0.1:{port}/")).Error, StringComparison.Ordinal);
        Assert.StartsWith("Nothing listens at the url", (await SendAsync(sender, "http://127.0.0.1:1/")).Error, StringComparison.Ordinal);
        var nobody = Courier(allowPrivate: true, (_, _) => Task.FromResult<IPAddress[]>([]));
        Assert.Equal("The host of the url was not found.", (await SendAsync(nobody, "http://nobody.example/")).Error);
        receiver.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        Assert.EndsWith("or closed the connection.", (await SendAsync(sender, receiver.Url)).Error, StringComparison.Ordinal);
    }

    public void Dispose() => senders.ForEach(sender => sender.Dispose());

    private WebhookSender Courier(bool allowPrivate, AddressLookup? lookup = null)
    {
        var options = Options.Create(new WebhooksOptions { AllowPrivateAddresses = allowPrivate });
        var sender = new WebhookSender(new WebhookConnections(lookup ?? WebhookConnections.LookUpAsync, options, clock), clock);
        senders.Add(sender);
        return sender;
    }

    private Task<Outcome> SendAsync(WebhookSender sender, string url, string? secret = null)
    {
        var hook = new Webhook(url, "/a", Over: 5, Under: 4, Active: true, secret ?? Signature.NewSecret());
        return sender.SendAsync("example.com", hook, Delivery.New(Delivery.Rose, hook, 7, clock.GetUtcNow()), CancellationToken.None);
    }
}
