using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Counter.Counting.Presence;
using Counter.Gateway.Frames;
using Counter.Gateway.Operations;
using Counter.Gateway.Settings;
using Counter.Gateway.Streaming;
using Counter.Gateway.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace Counter.Gateway.Tests.Streaming;

/// <summary>Frames that are written to the socket past the web server.</summary>
public sealed class ChunkSocketTests : IAsyncDisposable
{
    private const int Frames = 20;

    // More than the buffers of two sockets take.
    private static readonly byte[] Large = [.. Enumerable.Range(0, 8 * 1024 * 1024).Select(i => (byte)('a' + i % 26))];

    private readonly TaskCompletionSource waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<bool> found = [];
    private readonly List<ImageStream> streams = [];
    private WebApplication? app;

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }
    }

    [Fact]
    public async Task Bytes_written_to_the_socket_keep_their_order_with_those_of_the_server()
    {
        await StartAsync("--urls=http://127.0.0.1:0");
        for (var round = 0; round < 100; round++)
        {
            using var client = await RawClient.SendAsync(Address, $"GET /?n={round} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            Assert.Equal(Expected(round), Encoding.ASCII.GetString(await client.ReadToEndAsync()));
        }

        Assert.All(found, Assert.True);
    }

    [Fact]
    public async Task The_connection_can_be_reused_afterwards()
    {
        await StartAsync("--urls=http://127.0.0.1:0");
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 }) { BaseAddress = Address };
        for (var round = 0; round < 10; round++)
        {
            Assert.Equal(Expected(round), await http.GetStringAsync($"/?n={round}", TestContext.Current.CancellationToken));
        }
    }

    [Theory]
    [InlineData("large")]
    [InlineData("batch")]
    public async Task A_slow_reader_gets_a_large_chunk_completely_and_those_after_it(string path)
    {
        await StartAsync("--urls=http://127.0.0.1:0");
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 16 * 1024 };
        await socket.ConnectAsync(Address.Host, Address.Port, TestContext.Current.CancellationToken);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"GET /{path} HTTP/1.1\r\nHost: x\r\n\r\nGET /?n=7 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
            TestContext.Current.CancellationToken);
        await waiting.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        using var reader = new StreamReader(stream, Encoding.ASCII);
        var all = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        var large = Encoding.ASCII.GetString(Chunk(Large).Span);
        Assert.Contains("\r\n5\r\nbegin\r\n" + large + "3\r\nend\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n", all, StringComparison.Ordinal);
        Assert.EndsWith("3\r\nend\r\n0\r\n\r\n", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Streams_of_a_batch_are_sent_when_it_ends_and_those_that_are_gone_end()
    {
        await StartAsync("--urls=http://127.0.0.1:0");
        var clients = new List<RawClient>();
        for (var i = 1; i <= 3; i++)
        {
            clients.Add(await RawClient.ConnectAsync(Address, "GET /stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
            await Wait.UntilAsync(() => streams.Count == i, "the stream to open");
        }

        // The server writes the first frame of a stream, and the stream itself those that nobody has sent before.
        await OfferAsync("first");
        await OfferAsync("second");

        // It has not read what was sent, so its connection is reset.
        clients[1].Dispose();
        var third = new Frame("text/plain", "third"u8.ToArray());
        _ = Multipart.PartOf(third, WireProfile.Browser);
        using (SendBatch.Begin())
        {
            Array.ForEach([.. streams], stream => stream.Offer(third));
            Assert.All(streams.Where((_, i) => i != 1), stream => Assert.Equal(OperatingSystem.IsLinux(), stream.IsWriting));
        }

        await streams[1].Completion.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Array.ForEach([.. streams], stream => stream.End(new Frame("text/plain", "last"u8.ToArray())));
        foreach (var client in clients.Where((_, i) => i != 1))
        {
            var body = Encoding.ASCII.GetString(await client.ReadToEndAsync());
            Assert.Equal(["first", "second", "third", "last"], Regex.Matches(body, "first|second|third|last").Select(match => match.Value));
        }

        clients.ForEach(client => client.Dispose());

        Task OfferAsync(string image)
        {
            var frame = new Frame("text/plain", Encoding.ASCII.GetBytes(image));
            Array.ForEach([.. streams], stream => stream.Offer(frame));
            return Wait.UntilAsync(() => !streams.Any(stream => stream.IsWriting), "the frame to be written");
        }
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task The_socket_is_not_used_with_TLS(string version)
    {
        using var certificate = new Certificate();
        await StartAsync(certificate.Settings);
        using var http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Subject == "CN=localhost" },
        })
        {
            BaseAddress = Address,
            DefaultRequestVersion = Version.Parse(version),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        Assert.Equal("", await http.GetStringAsync("/?n=0", TestContext.Current.CancellationToken));
        Assert.All(found, Assert.False);
    }

    private Uri Address => new(app!.Urls.First());

    private static string Expected(int round) =>
        new string('h', 3000) + string.Concat(Enumerable.Range(0, Frames).Select(i => Part(round, i))) + "end";

    private static ReadOnlyMemory<byte> Chunk(byte[] image) => Multipart.PartOf(new Frame("text/plain", image), WireProfile.Browser).Chunk;

    private static string Part(int round, int i) => $"{round}-{i}\r\n--counter-frame\r\nContent-Type: text/plain\r\n\r\n";

    private async Task StartAsync(params string[] settings)
    {
        var builder = WebApplication.CreateBuilder(["--Streaming:WritesPastServer=true", .. settings]);
        builder.Logging.ClearProviders();
        builder.AddServer();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<CounterMetrics>();
        app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path == "/large")
        {
            await context.Response.BodyWriter.WriteAsync("begin"u8.ToArray());
            var sending = ChunkSocket.Find(context)!.SendAsync(Chunk(Large));
            Assert.False(sending.IsCompleted);
            waiting.SetResult();
            Assert.True(await sending);
            await context.Response.WriteAsync("end");
            return;
        }

        if (context.Request.Path == "/stream")
        {
            var options = context.RequestServices.GetRequiredService<IOptions<StreamingOptions>>().Value;
            var stream = new ImageStream(context, new(WireProfile.Browser, SettledBy.Itself), options, TimeProvider.System, metrics: null);
            streams.Add(stream);
            await stream.Completion;
            return;
        }

        if (context.Request.Path == "/batch")
        {
            await context.Response.BodyWriter.WriteAsync("begin"u8.ToArray());
            var stream = new BatchedStream(context, ChunkSocket.Find(context)!);
            using (SendBatch.Begin())
            {
                stream.Offer(new Frame("text/plain", Large));
                Assert.True(stream.IsWriting);
            }

            Assert.True(stream.IsWriting);
            stream.End(new Frame("text/plain", "end"u8.ToArray()));
            waiting.SetResult();
            await stream.Completion;
            return;
        }

        var round = context.Request.Query["n"].ToString();
        if (context.Request.IsHttps)
        {
            await context.Response.BodyWriter.FlushAsync();
            found.Add(ChunkSocket.Find(context) is not null);
            return;
        }

        await context.Response.BodyWriter.WriteAsync(Encoding.ASCII.GetBytes(new string('h', 3000)));
        var socket = ChunkSocket.Find(context);
        found.Add(socket is not null);
        for (var i = 0; i < Frames && socket is not null; i++)
        {
            Assert.True(await socket.SendAsync(Chunk(Encoding.ASCII.GetBytes($"{round}-{i}"))));
        }

        await context.Response.WriteAsync("end");
    }

    private sealed class BatchedStream(HttpContext context, ChunkSocket socket) : LiveStream(TimeProvider.System, metrics: null)
    {
        public override CancellationToken Aborted => context.RequestAborted;

        protected override bool TryAddTo(SendBatch batch, Frame frame)
        {
            batch.Add(this, frame, socket, Chunk((byte[])[.. frame.Image.Span]));
            return true;
        }

        protected override async ValueTask<bool> WriteAsync(Frame frame, bool last)
        {
            await context.Response.BodyWriter.WriteAsync(frame.Image);
            return true;
        }

        protected override void Abort() => context.Abort();
    }
}
