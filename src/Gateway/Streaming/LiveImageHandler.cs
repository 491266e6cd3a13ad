using System.Globalization;
using Counter.Counting.Pages;
using Counter.Gateway.Cluster;
using Counter.Gateway.Frames;
using Counter.Gateway.Operations;
using Counter.Gateway.Settings;
using Counter.Gateway.Visitors;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Streaming;

/// <summary>Serves live pictures: the numbers in every style. Also admits the streams of all other pictures.</summary>
internal sealed class LiveImageHandler(
    CurrentNumber current, BotDetector bots, VisitorIdentity identity, ClientClassifier clients, Feeds feeds, PresenceClient presence, Admission admission,
    DrawingQueue drawings,
    IOptions<StreamingOptions> options, TimeProvider clock, CounterMetrics metrics)
{
    /// <summary>Serves a live picture of a number, or a still one where an endless response is not wanted or not possible.</summary>
    /// <param name="context">The request and its response.</param>
    /// <param name="request">The page and the number.</param>
    /// <param name="picture">The picture. The first frame of a new style is drawn already.</param>
    /// <param name="pace">The shortest time between two frames of different numbers. By default the pace of every number.</param>
    public Task ServeAsync(HttpContext context, OnlineRequest request, NumberPicture picture, TimeSpan pace = default)
    {
        // 1. Still or live? Awaits only a still picture that is being sent.
        var entering = EnterAsync(
            context,
            request.Page,
            async forAMoment =>
            {
                var displayed = await current.GetKnownAsync(request.Shows, context.RequestAborted);
                if ((picture.Find(displayed) ?? await drawings.DrawAsync(context, () => picture.Draw(displayed))) is { } frame)
                {
                    await SendStillAsync(context, frame, forAMoment);
                }
            },
            () => admission.TryEnter(context, request));
        if (!entering.IsCompletedSuccessfully)
        {
            return entering.AsTask();
        }

        if (entering.Result is not { } place)
        {
            return Task.CompletedTask;
        }

        // 2. The stream stays open until the client leaves. The feed pushes each new number into it.
        try
        {
            var client = clients.Of(context.Request, request.Site);
            var origin = request.Counts ? identity.Describe(context, presence.Share(request.Page), client.Settles, client.Browser) : null;
            var stream = Open(context, client);
            Forget(context.Request);
            return feeds.RunAsync(request.Shows, origin, stream, picture.Draw, pace, place, picture.IsLarge ? picture.Find : null);
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    /// <summary>The number that the first frame of a request probably shows.</summary>
    public DisplayedCount Expect(HttpContext context, OnlineRequest request) =>
        feeds.IsFrozen
            ? new(feeds.Find(request.Shows)?.Number ?? 0, Live: false)
            : new((feeds.Find(request.Shows)?.Number ?? 0) + (request.Counts && Client.WantsStream(context.Request) ? 1 : 0));

    /// <summary>Admits a request as a live picture. A request that cannot or need not be live gets its response here.</summary>
    /// <param name="context">The request and its response.</param>
    /// <param name="page">The page that the viewer would count for.</param>
    /// <param name="still">Sends the current picture. The argument is whether the client may cache it for a moment.</param>
    /// <param name="enter">Acquires a place. Null when a limit is reached.</param>
    /// <param name="needsSign">Whether a request without any sign of a browser or player gets a still.</param>
    /// <returns>The place, to be disposed when the stream has ended. Null when the response was sent.</returns>
    public async ValueTask<IDisposable?> EnterAsync(HttpContext context, PageKey page, Func<bool, Task> still, Func<IDisposable?> enter, bool needsSign = true)
    {
        // A fetch by a proxy or crawler has no viewer.
        var isNobody = bots.Recognise(context.Request, page, needsSign);
        if (!isNobody && Client.WantsStream(context.Request))
        {
            if (Client.TrySendToOwnAddress(context))
            {
                return null;
            }

            if (enter() is { } place)
            {
                return place;
            }

            // Tells a client that reads the response, such as the script of /embed, that this picture is meant to be live.
            context.Response.Headers.RetryAfter = admission.RetryAfter.ToString(CultureInfo.InvariantCulture);
        }

        await still(isNobody && !BotDetector.IsPrefetch(context.Request));
        return null;
    }

    /// <summary>Drops the request's headers and query, which would stay in memory for as long as the stream is open.</summary>
    private static void Forget(HttpRequest request)
    {
        // Each header is cleared first: on Clear alone Kestrel keeps their values, to save the connection's next request some strings.
        var headers = request.Headers;
        headers.Host = headers.UserAgent = headers.Referer = headers.Accept = headers.AcceptLanguage = headers.AcceptEncoding = headers.Cookie = default;
        headers.Clear();
        request.Query = QueryCollection.Empty;
        request.Path = PathString.Empty;
    }

    /// <summary>Begins the response of an admitted request.</summary>
    public ImageStream Open(HttpContext context, ClientKind client)
    {
        ResponseHeaders.ForStream(context.Response, Multipart.IsAskedForBytes(context.Request) ? Multipart.Bytes : Multipart.ContentType, client);
        return new ImageStream(context, client, options.Value, clock, metrics);
    }

    /// <summary>Sends one picture with its length. Clients that fetch for many people may cache it for a moment.</summary>
    public static Task SendStillAsync(HttpContext context, Frame frame, bool forAMoment = false)
    {
        ResponseHeaders.ForStill(context.Response, frame.ContentType);
        if (forAMoment)
        {
            // Not in shared caches, which would give people the still picture.
            context.Response.Headers.CacheControl = "private, max-age=10";
        }

        context.Response.ContentLength = frame.Image.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(frame.Image, context.RequestAborted).AsTask();
    }
}
