using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text.Json;
using System.Threading.Channels;
using Counter.Gateway.Relay.Elsewhere;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Links;

/// <summary>Tells other gateways which channels are published here: answers <c>/cluster/presence</c>.</summary>
/// <remarks>
/// An answer goes on with what happens, and has an empty line now and then to show that it
/// lives. Each has a queue with a bound: a gateway that does not keep up is cut off and begins anew. The answers end when
/// the gateway stops, after its streams have.
/// </remarks>
internal sealed class Telling(Sources sources, TimeProvider clock)
{
    /// <summary>How often something is said, if only an empty line.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2);

    private const int MostWaiting = 16 * 1024;
    private const int FlushBytes = 32 * 1024;

    private readonly ConcurrentDictionary<Channel<NewsLine?>, bool> answers = [];
    private volatile bool stopped;

    /// <summary>All streams have ended; says goodbye.</summary>
    public void Complete()
    {
        stopped = true;
        foreach (var answer in answers.Keys)
        {
            answer.Writer.TryWrite(new NewsLine { Say = NewsLine.Bye });
            answer.Writer.TryComplete();
        }
    }

    /// <summary>Tells one gateway, until it or this one goes.</summary>
    public async Task SendAsync(HttpContext context)
    {
        var news = Channel.CreateBounded<NewsLine?>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
        void Say(NewsLine line)
        {
            if (!news.Writer.TryWrite(line))
            {
                // It does not keep up. What it has not read is worth nothing without the rest.
                news.Writer.TryComplete(new IOException("A gateway does not keep up."));
            }
        }

        void TellChannels(IReadOnlyDictionary<string, Published> channels) => Say(NewsLine.Of(channels));

        answers.TryAdd(news, true);
        sources.Follow(TellChannels);
        try
        {
            using var beat = clock.CreateTimer(_ => news.Writer.TryWrite(null), null, Heartbeat, Heartbeat);
            if (stopped)
            {
                return;
            }

            ResponseHeaders.ForStream(context.Response, "application/x-ndjson");
            await WriteAsync(context, news.Reader);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            context.Abort();
        }
        finally
        {
            sources.Unfollow(TellChannels);
            answers.TryRemove(news, out _);
        }
    }

    private static async Task WriteAsync(HttpContext context, ChannelReader<NewsLine?> news)
    {
        var body = context.Response.BodyWriter;
        var aborted = context.RequestAborted;
        using var json = new Utf8JsonWriter(body);
        // The other side knows that it is heard.
        Write(body, json, line: null);
        await FlushAsync(0);
        while (await news.WaitToReadAsync(aborted))
        {
            while (news.TryRead(out var line))
            {
                Write(body, json, line);
                await FlushAsync(FlushBytes);
            }

            await FlushAsync(0);
        }

        async ValueTask FlushAsync(int from)
        {
            if (body.UnflushedBytes > from)
            {
                await body.FlushAsync(aborted);
            }
        }
    }

    private static void Write(PipeWriter body, Utf8JsonWriter json, NewsLine? line)
    {
        if (line is not null)
        {
            json.Reset();
            JsonSerializer.Serialize(json, line, LinksJson.Default.NewsLine);
        }

        body.Write("\n"u8);
    }
}
