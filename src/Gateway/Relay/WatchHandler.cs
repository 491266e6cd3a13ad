using Counter.Counting.Presence;
using Counter.Counting.Relay;
using Counter.Gateway.Frames;
using Counter.Gateway.Operations;
using Counter.Gateway.Settings;
using Counter.Gateway.Streaming;
using Counter.Gateway.Visitors;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Relay;

/// <summary>Handles requests that watch a channel. Watchers are viewers of the channel's page.</summary>
internal sealed class WatchHandler(
    ChannelSubscriptions updates, RelayChannels channels, LiveImageHandler pictures, VisitorIdentity identity, ClientClassifier clients,
    Feeds feeds, Admission admission, FrameCache frames, IOptions<StreamingOptions> options, TimeProvider clock, CounterMetrics metrics)
{
    /// <summary>Sends the channel as an endless picture, or its last picture where an endless answer is not wanted or not possible.</summary>
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
            await RefuseUnknownAsync(context, name);
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

        // One page can show many cameras: a view of one channel does not mean that the visitor left another.
        var client = clients.Of(context.Request);
        var origin = context.Request.Query["watch"] == "1" || BotDetector.IsFetcher(context.Request) ? null : identity.Describe(context, page, client.Settles, client.Browser, apart: true);
        ResponseHeaders.ForStream(context.Response, Multipart.ContentType, client);
        var isPlayer = client.Profile == WireProfile.Tool;
        var all = context.Request.Query["all"].LastOrDefault();
        if (isPlayer)
        {
            // A player gets no picture before the first is published, so it gets the headers as a confirmation.
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }

        var stream = new ChannelStream(context, client, options.Value, clock, metrics);
        await RunAsync(new ChannelSubscriber(channel.Broadcast, stream, isPlayer, all == "1" || (isPlayer && all != "0")), channel, origin);
    }

    /// <summary>Sends the last picture with its own media type, whatever extension the address has.</summary>
    public async Task SendLastAsync(HttpContext context, string name)
    {
        AllowOrigins(context, name);
        if (await updates.FindAsync(name, context.RequestAborted) is { } channel)
        {
            await SendStillAsync(context, channel);
            return;
        }

        await RefuseUnknownAsync(context, name);
    }

    private static Task SendStillAsync(HttpContext context, Channel channel, bool forAMoment = false) =>
        LiveImageHandler.SendStillAsync(context, channel.Broadcast.Current, forAMoment);

    private Task RefuseUnknownAsync(HttpContext context, string name) => Refusal.NotHere(ChannelName.IsValid(name)
        ? "There is no such channel. The first picture that is published to it creates it."
        : ChannelName.Allowed).SendAsync(context, frames, ImageFormat.Png);

    /// <summary>Allows other origins only where the settings do: otherwise any page could read the cameras in its readers' networks.</summary>
    private void AllowOrigins(HttpContext context, string name)
    {
        if (channels.AllowsAnyOrigin(name))
        {
            ResponseHeaders.AllowAnyOrigin(context.Response);
        }
    }

    private async Task RunAsync(ChannelSubscriber watcher, Channel channel, StreamOrigin? origin)
    {
        var stream = watcher.Stream;
        using var gone = stream.Aborted.UnsafeRegister(static stream => ((LiveStream)stream!).Close(), stream);
        metrics.StreamOpened();
        StreamEntry? entry = null;
        try
        {
            // The viewer is counted before it sees the picture.
            entry = feeds.Enter(origin, watcher);
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
