using Counter.Counting.Presence;
using Counter.Counting.Relay;
using Counter.Gateway.Frames;
using Counter.Gateway.Operations;
using Counter.Gateway.Settings;
using Counter.Gateway.Streaming;
using Counter.Gateway.Visitors;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Relay;

/// <summary>Answers those who watch a channel. They are viewers of the page that the channel is.</summary>
internal sealed class WatchHandler(
    ChannelSubscriptions updates, RelayChannels channels, LiveImageHandler pictures, VisitorIdentity identity, ClientClassifier clients,
    Feeds feeds, Admission admission, FrameCache frames, IOptions<StreamingOptions> options, TimeProvider clock, CounterMetrics metrics)
{
    /// <summary>The channel as an endless picture, or its last one where an endless answer is not wanted or not possible.</summary>
    public async Task StreamAsync(HttpContext context, string name)
    {
        if (Refusal.OfFlags(context.Request.Query) is { } bad)
        {
            await bad.SendAsync(context, frames, ImageFormat.Png);
            return;
        }

        AllowOrigins(context, name);
        if (await updates.FindAsync(name, context.RequestAborted) is not { } channel)
        {
            await SayUnknownAsync(context, name);
            return;
        }

        var page = ChannelName.PageOf(name);
        using var place = await pictures.EnterAsync(
            context, page, forAMoment => SendStillAsync(context, channel, forAMoment), () => admission.TryEnter(context, channel.Broadcast.Streams),
            needsSign: false);
        if (place is null)
        {
            return;
        }

        // A wall of cameras is one page: watching one channel does not mean that another was left.
        var client = clients.Of(context.Request);
        var arrival = context.Request.Query["watch"] == "1" || BotDetector.IsFetcher(context.Request) ? null : identity.Describe(context, page, client.Settles, client.Browser, apart: true);
        ResponseHeaders.ForStream(context.Response, Multipart.ContentType, client);
        var isPlayer = client.Profile == WireProfile.Tool;
        var all = context.Request.Query["all"].LastOrDefault();
        if (isPlayer)
        {
            // It gets no picture before the first one is published, and is to know that it was understood.
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }

        var stream = new ChannelStream(context, client, options.Value, clock, metrics);
        await RunAsync(new ChannelSubscriber(channel.Broadcast, stream, isPlayer, all == "1" || (isPlayer && all != "0")), channel, arrival);
    }

    /// <summary>The last picture, as what it is, whatever the address ends with.</summary>
    public async Task SendLastAsync(HttpContext context, string name)
    {
        AllowOrigins(context, name);
        if (await updates.FindAsync(name, context.RequestAborted) is { } channel)
        {
            await SendStillAsync(context, channel);
            return;
        }

        await SayUnknownAsync(context, name);
    }

    private static Task SendStillAsync(HttpContext context, Channel channel, bool forAMoment = false) =>
        LiveImageHandler.SendStillAsync(context, channel.Broadcast.Current, forAMoment);

    private Task SayUnknownAsync(HttpContext context, string name) => Refusal.NotHere(ChannelName.IsValid(name)
        ? "There is no such channel. It begins with the first picture that is published to it."
        : ChannelName.Allowed).SendAsync(context, frames, ImageFormat.Png);

    /// <summary>Else any page could read the cameras of its readers' networks.</summary>
    private void AllowOrigins(HttpContext context, string name)
    {
        if (channels.AllowsAnyOrigin(name))
        {
            ResponseHeaders.AllowAnyOrigin(context.Response);
        }
    }

    private async Task RunAsync(ChannelSubscriber watcher, Channel channel, Arrival? arrival)
    {
        var stream = watcher.Stream;
        using var gone = stream.Aborted.UnsafeRegister(static stream => ((LiveStream)stream!).Close(), stream);
        metrics.StreamOpened();
        StreamEntry? entry = null;
        try
        {
            // Who sees the picture is counted already.
            entry = feeds.Enter(arrival, watcher);
            channel.Broadcast.Add(watcher);
            channel.Broadcast.Show(watcher);
            await stream.Completion;
        }
        finally
        {
            channel.Broadcast.Remove(watcher);
            metrics.StreamClosed();
            feeds.Exit(entry);
        }
    }
}
