using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Frames;
using Counter.Gateway.Sessions;
using Counter.Gateway.Settings;
using Counter.Gateway.Streaming;
using Counter.Gateway.Visitors;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Monitor.Pictures;

/// <summary>Serves <c>/monitor/chart/…</c>: a live picture for signed-in operators. It counts nobody.</summary>
internal sealed class MonitorImages(
    MonitorImageFeeds feeds, Feeds counters, MonitorViewers viewers, EndedSessions ended, KeyStore keys, FrameCache frames, ClientClassifier clients,
    IOptions<StreamingOptions> options, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    private static readonly Refusal Full = Refusal.Of(
        StatusCodes.Status503ServiceUnavailable, $"The monitor has reached its limit of {MonitorViewers.Most} watchers.");

    /// <summary>Sends an endless picture, or a still one where the client does not want or support an endless one.</summary>
    public async Task ServeAsync(HttpContext context, string name, string format)
    {
        // Unlike counters, other sites must not show these pictures.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
            return Task.CompletedTask;
        });
        if (MonitorImageKey.Read(name, format, context.Request.Query, out var problem) is not { } key)
        {
            await Refusal.BadParameter(problem.Parameter, problem.Allowed).SendAsync(context, frames, ImageFormat.Svg);
            return;
        }

        if (!Client.WantsStream(context.Request))
        {
            await LiveImageHandler.SendStillAsync(context, feeds.Draw(key, live: true));
            return;
        }

        if (Client.TrySendToOwnAddress(context))
        {
            return;
        }

        using var place = viewers.TryEnter();
        if (place is null)
        {
            await Full.SendAsync(context, frames, ImageFormat.Svg);
            return;
        }

        await using var visit = new WatchSession(context, ended, keys, clock, lifetime.ApplicationStopping);
        var client = clients.Of(context.Request);
        ResponseHeaders.ForStream(context.Response, Multipart.ContentType, client);
        var stream = new ImageStream(context, client, options.Value, clock, metrics: null);
        counters.MakeRoom(stream);
        await feeds.RunAsync(key, stream, visit.Over);
    }
}
