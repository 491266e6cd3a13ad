using System.Globalization;
using Counter.Counting.Cluster;
using Counter.Counting.Relay;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Operations;
using Counter.Gateway.Relay.Pictures;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Counter.Gateway.Relay;

/// <summary>Handles requests that publish to a channel: one picture, or a stream of pictures.</summary>
internal sealed class PublishHandler(
    RelayChannels channels, ChannelSubscriptions updates, ICluster cluster, KeyStore keys, IOptions<RelayOptions> options, TimeProvider clock, CounterMetrics metrics,
    ILogger<PublishHandler> log)
{
    /// <summary>How often the key of an open stream is checked, because it may have been revoked or have expired.</summary>
    private static readonly TimeSpan KeyHolds = TimeSpan.FromSeconds(10);

    // This many broken pictures in a row end a stream.
    private const int MostBroken = 10;
    private const int MostLinger = 1024 * 1024;
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    /// <summary>Publishes one picture.</summary>
    public Task PutAsync(HttpContext context, string name) => TakeAsync(context, name, async body =>
    {
        var most = channels.MostBytes(name);
        var file = context.Request.ContentLength is { } length
            ? await PictureBody.ReadAsync(body, length, most)
            : await PictureBody.ReadUntilAsync(body, end: null, most);
        var bytes = PartialBody.PictureOf(file);
        if (bytes.Length == 0 && file.Length > 0)
        {
            return;
        }

        var picture = Picture.Check(bytes);
        var pace = channels.Pace(name);
        if (!channels.TryFindOrAdd(name, out var channel))
        {
            throw NoRoom();
        }

        if (channel.Wait() is var wait && wait > TimeSpan.Zero)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            throw new PublishException(
                StatusCodes.Status429TooManyRequests, $"This channel accepts at most one picture every {pace.TotalMilliseconds:0} ms. Wait, and publish a newer one.");
        }

        if (channel.IsPublished || await updates.TryPutAsync(channel, picture, context.RequestAborted) is not { } version
            || !channel.TryPublish(from: null, picture, pace, version))
        {
            throw new PublishException(
                StatusCodes.Status409Conflict, "A stream is being published to this channel. End it before you publish single pictures.");
        }

        metrics.Published(picture.Image.Length);
    });

    /// <summary>Publishes a stream of pictures until its sender ends it or a newer stream replaces it.</summary>
    public Task PostAsync(HttpContext context, string name) => IsPicture(context.Request) ? PutAsync(context, name) : TakeAsync(context, name, async body =>
    {
        if (!channels.TryFindOrAdd(name, out var channel))
        {
            throw NoRoom();
        }

        var key = KeyAuthentication.Holder(context.User).Id;
        var checkedAt = clock.GetTimestamp();
        var parts = new MultipartPictureReader(body, BoundaryOf(context.Request));
        var publication = new Publication(cluster.Relay, channel, body, clock, log);
        channel.Begin(body);
        await publication.BeginAsync();
        if (channels.IsClosed)
        {
            // The gateway may have begun to stop after this request was accepted and before its publisher could be ended.
            body.End(PublishEnd.Stopping);
        }

        try
        {
            var (broken, any, why) = (0, false, "");
            while (await parts.ReadAsync(channels.MostBytes(name)) is { } file)
            {
                if (!Picture.TryRead(file, out var picture, out var problem))
                {
                    metrics.Unpublished(StatusCodes.Status400BadRequest);
                    why = problem;
                    if (++broken < MostBroken)
                    {
                        continue;
                    }

                    throw PublishException.Broken($"{broken} parts in a row were not valid pictures. {why}");
                }

                (broken, any) = (0, true);
                if (clock.GetElapsedTime(checkedAt) >= KeyHolds)
                {
                    checkedAt = clock.GetTimestamp();
                    if (!await keys.IsValidAsync(key, context.RequestAborted))
                    {
                        throw new PublishException(StatusCodes.Status401Unauthorized, "The key was revoked, or has expired.");
                    }
                }

                if (channel.TryPublish(body, picture.Cut(file), channels.Pace(name)))
                {
                    metrics.Published(picture.Length);
                }
            }

            if (broken > 0 && !any)
            {
                throw PublishException.Broken(why);
            }
        }
        finally
        {
            await publication.DisposeAsync();
            channel.Finish(body);
        }
    });

    private async Task TakeAsync(HttpContext context, string name, Func<Publisher, Task> takeAsync)
    {
        if (!ChannelName.IsValid(name))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, ChannelName.Allowed);
            return;
        }

        if (channels.IsClosed)
        {
            await RefuseAsync(context, PublishEnd.Stopping);
            return;
        }

        // The server's own limits are for short requests. This handler checks the size, and the publisher has timeouts.
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = null;
        context.Features.Get<IHttpMinRequestBodyDataRateFeature>()?.MinDataRate = null;

        // The end of the connection does not end the publisher, because the last pictures may still be unread.
        using var body = new Publisher(context.Request.BodyReader, options.Value, clock);
        try
        {
            await takeAsync(body);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        catch (PublishException e)
        {
            metrics.Unpublished(e.Status);
            await RefuseAsync(context, e.Status, e.Message);
        }
        catch (IOException e) when (e is not ConnectionResetException)
        {
            // The body is not valid HTTP, or it ended too early; then nobody reads the answer.
            var status = (e as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest;
            metrics.Unpublished(status);
            await RefuseAsync(context, status, "The body cannot be read: " + e.Message);
        }
        catch (OperationCanceledException) when (body.Reason is var reason and not PublishEnd.None)
        {
            await RefuseAsync(context, reason);
        }
        catch (Exception e) when (e is OperationCanceledException or ConnectionResetException)
        {
            // The publisher left without ending its body, as a camera does when it is switched off. Nobody reads an answer.
        }
    }

    /// <summary>Whether a POST has one picture, since many programs can only POST. ffmpeg sends no type by default.</summary>
    private static bool IsPicture(HttpRequest request) =>
        request.ContentLength is not null && MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.Type.Equals("image", StringComparison.OrdinalIgnoreCase);

    private static string? BoundaryOf(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.Type.Equals("multipart", StringComparison.OrdinalIgnoreCase)
            ? HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 } boundary ? boundary.ToString() : null
            : null;

    private PublishException NoRoom() => new(
        StatusCodes.Status503ServiceUnavailable, $"There are {options.Value.Channels} channels already (Relay:Channels). Remove one that is not needed.");

    private (int Status, string Sentence) Explain(PublishEnd reason) => reason switch
    {
        PublishEnd.Stalled => (StatusCodes.Status408RequestTimeout, $"No bytes arrived for {options.Value.StallSeconds} s in the middle of a picture."),
        PublishEnd.Idle => (StatusCodes.Status408RequestTimeout, $"No picture arrived for {options.Value.IdleSeconds} s."),
        PublishEnd.Replaced => (StatusCodes.Status409Conflict, "A newer stream is published to this channel now."),
        PublishEnd.Removed => (StatusCodes.Status410Gone, "The channel was removed."),
        _ => (StatusCodes.Status503ServiceUnavailable, "The gateway is stopping. Connect again."),
    };

    private Task RefuseAsync(HttpContext context, PublishEnd reason)
    {
        var (status, sentence) = Explain(reason);
        return RefuseAsync(context, status, sentence);
    }

    private async Task RefuseAsync(HttpContext context, int status, string sentence)
    {
        var closes = HttpProtocol.IsHttp11(context.Request.Protocol);
        if (closes)
        {
            context.Response.Headers.Connection = "close";
        }

        await Results.Problem(sentence, statusCode: status).ExecuteAsync(context);
        if (closes)
        {
            await LingerAsync(context);
        }
    }

    /// <summary>
    /// Reads a little more of the body, so that the client can read the answer before the connection is cut. By default the server would
    /// read on for 5 s, however much came, and while it stops for as long as the client likes (measured).
    /// </summary>
    private async Task LingerAsync(HttpContext context)
    {
        await context.Response.CompleteAsync();
        using var timeout = new CancellationTokenSource(Linger, clock);
        try
        {
            for (long taken = 0; taken < MostLinger;)
            {
                var read = await context.Request.BodyReader.ReadAsync(timeout.Token);
                taken += read.Buffer.Length;
                context.Request.BodyReader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client sends nothing more, or has left.
        }

        context.Abort();
    }
}
