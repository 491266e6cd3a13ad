using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Counter.Gateway.Frames;
using Counter.Gateway.Streaming;
using Counter.Gateway.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Streaming;

/// <summary>New pictures are drawn one after the other and delay no other request.</summary>
public sealed class DrawingQueueTests : IDisposable
{
    private const string Page = "http://example.com/a";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly SlowRenderer renderer = new();

    [Fact]
    public async Task Cached_pictures_and_pushes_do_not_wait_for_new_pictures()
    {
        await using var gateway = await StartAsync();
        using var watcher = await gateway.ViewAsync(Page);
        await watcher.ReadPreambleAsync();
        Assert.Equal("Users online: 1", Encoding.UTF8.GetString(await watcher.ReadFrameAsync()));
        await gateway.PreviewAsync("n=7");

        var slow = await BlockAsync(gateway, waiting: 3);
        Assert.Equal("Users online: 7", Encoding.UTF8.GetString(await gateway.PreviewAsync("n=7")));

        // The number is a new one, but the look is known: it is drawn and pushed beside the queue.
        using var second = await gateway.ViewAsync(Page);
        var pushed = watcher.ReadFrameAsync();
        await gateway.AdvanceUntilAsync(() => pushed.IsCompleted, "the push");
        Assert.Equal("Users online: 2", Encoding.UTF8.GetString(await pushed));

        renderer.GoOn();
        foreach (var answer in slow)
        {
            Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
        }
    }

    [Fact]
    public async Task Over_the_limit_of_the_queue_requests_are_refused()
    {
        await using var gateway = await StartAsync("--Limits:WaitingPictures=2");
        var slow = await BlockAsync(gateway, waiting: 3);

        // One is being drawn and two wait.
        using var refused = await await Task.WhenAny(slow).WaitAsync(Deadline);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
        Assert.Equal(TimeSpan.FromSeconds(2), refused.Headers.RetryAfter!.Delta);

        // Where a picture is expected there is one, with nothing to draw.
        using var picture = await gateway.ViewAsync(Page, "/online.png?label=other");
        Assert.Equal(503, picture.Status);
        Assert.Contains("Retry-After: 2\r\n", picture.Head, StringComparison.Ordinal);
        Assert.Contains("Content-Type: image/png\r\n", picture.Head, StringComparison.Ordinal);
        await picture.ReadBodyUntilAsync("Try again in a moment.");

        renderer.GoOn();
        Assert.Equal(3, (await Task.WhenAll(slow)).Count(answer => answer.StatusCode == HttpStatusCode.OK));
    }

    [Theory]
    [InlineData("/preview.png?label=other")]
    [InlineData("/preview.png?n=12345")]
    [InlineData("/preview.jpg?n=12345")]
    [InlineData("/online.png?site=a.example&label=other")]
    [InlineData("/online.png?site=a.example&label=other&live=0")]
    [InlineData("/online/chart.png?site=a.example&width=333")]
    [InlineData("/online/chart.png?site=a.example&width=333&live=0")]
    [InlineData("/poll/lunch.png?site=a.example&options=Yes,No")]
    [InlineData("/poll/lunch.png?site=a.example&options=Yes,No&live=0")]
    [InlineData("/?label=other")]
    [InlineData("/embed?label=other&site=a.example")]
    public async Task Every_drawing_for_a_request_waits_in_the_queue(string path)
    {
        await using var gateway = await StartAsync("--Limits:WaitingPictures=1");
        await FillAsync(gateway);
        using var client = new HttpClient { BaseAddress = gateway.Address };
        using var answer = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Deadline);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        renderer.GoOn();
    }

    [Theory]
    [InlineData("/preview.svg?label=other&n=12345")]
    [InlineData("/online/chart.svg?site=a.example&width=333&live=0")]
    [InlineData("/poll/lunch.svg?site=a.example&options=Yes,No&live=0")]
    [InlineData("/")]
    [InlineData("/embed?site=a.example")]
    public async Task Requests_without_a_drawing_do_not_wait(string path)
    {
        await using var gateway = await StartAsync("--Limits:WaitingPictures=1");
        await FillAsync(gateway);
        using var answer = await gateway.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        renderer.GoOn();
    }

    [Fact]
    public async Task Each_address_has_a_budget_of_new_pictures()
    {
        await using var gateway = await StartAsync("--Limits:NewPicturesPerMinute=2", "--Limits:ExemptPrivateAddresses=false");
        Assert.Equal([200, 200, 503, 200], await AskAsync("127.0.0.2", "n=1", "n=2", "n=3", "n=2"));
        Assert.Equal([200, 200, 200, 503], await AskAsync("127.0.0.3", "n=2", "n=3", "n=4", "n=5"));

        async Task<List<int>> AskAsync(string from, params string[] previews)
        {
            var statuses = new List<int>();
            foreach (var preview in previews)
            {
                using var client = await RawClient.OpenAsync(gateway.Address, IPAddress.Parse(from), "/preview.png?" + preview);
                statuses.Add(client.Status);
            }

            return statuses;
        }
    }

    [Fact]
    public async Task Addresses_take_turns_and_requests_of_disconnected_clients_are_skipped()
    {
        await using var gateway = await StartAsync();
        var queue = gateway.App.Services.GetRequiredService<DrawingQueue>();
        var drawn = new ConcurrentQueue<string>();
        using var gate = new ManualResetEventSlim();
        using var gone = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var first = Task.Run(() => queue.DrawAsync(From("203.0.113.1"), () =>
        {
            begun.SetResult();
            gate.Wait();
            return Draw("first");
        }));
        await begun.Task;
        var again = queue.DrawAsync(From("203.0.113.1"), () => Draw("again"));
        var once = queue.DrawAsync(From("203.0.113.1", gone.Token), () => Draw("gone"));
        var more = queue.DrawAsync(From("203.0.113.1"), () => Draw("more"));
        var other = queue.DrawAsync(From("203.0.113.2"), () => Draw("other"));
        await gone.CancelAsync();
        Assert.Null(await once);
        gate.Set();
        await Task.WhenAll(first, again, more, other);
        Assert.Equal(["first", "other", "again", "more"], drawn);

        string Draw(string what)
        {
            drawn.Enqueue(what);
            return what;
        }

        static DefaultHttpContext From(string address, CancellationToken gone = default)
        {
            var context = new DefaultHttpContext { RequestAborted = gone };
            context.Connection.RemoteIpAddress = IPAddress.Parse(address);
            return context;
        }
    }

    public void Dispose() => renderer.Dispose();

    private Task<RunningGateway> StartAsync(params string[] settings) =>
        RunningGateway.StartAsync(log: null, services => services.AddSingleton<IFrameRenderer>(renderer), settings);

    /// <summary>Has one slow picture drawn and another wait; the next request is refused.</summary>
    private async Task FillAsync(RunningGateway gateway)
    {
        var slow = await BlockAsync(gateway, waiting: 2);
        using var refused = await await Task.WhenAny(slow).WaitAsync(Deadline);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
    }

    /// <summary>Has one slow picture drawn, and asks for others.</summary>
    private async Task<List<Task<HttpResponseMessage>>> BlockAsync(RunningGateway gateway, int waiting)
    {
        var slow = new List<Task<HttpResponseMessage>> { gateway.Http.GetAsync("/preview.png?label=slow") };
        await renderer.Begun.WaitAsync(Deadline);
        var asked = Enumerable.Range(0, waiting).Select(i => gateway.Http.GetAsync("/preview.png?label=slow" + i)).ToList();
        slow.AddRange(asked);
        return slow;
    }
}
