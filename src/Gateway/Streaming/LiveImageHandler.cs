using System.Globalization;
using Counter.Counting.Pages;
using Counter.Gateway.Cluster;
using Counter.Gateway.Frames;
using Counter.Gateway.Operations;
using Counter.Gateway.Settings;
using Counter.Gateway.Visitors;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Streaming;

/// <summary>Serves pictures that go on: those of numbers, whatever they look like, and the beginning of any other.</summary>
internal sealed class LiveImageHandler(
    CurrentNumber current, BotDetector bots, VisitorIdentity identity, ClientClassifier clients, Feeds feeds, PresenceClient presence, Admission admission,
    DrawingQueue drawings,
    IOptions<StreamingOptions> options, TimeProvider clock, CounterMetrics metrics)
{
    /// <summary>A live picture of a number, or a still one where an endless answer is not wanted or not possible.</summary>
    /// <param name="context">The request and its answer.</param>
    /// <param name="request">The page and the number.</param>
    /// <param name="picture">What it looks like. Of a look that is new, the first frame was drawn already.</param>
    /// <param name="pace">The least time between two frames of different numbers; by default that of every number.</param>
    public Task ServeAsync(HttpContext context, OnlineRequest request, NumberPicture picture, TimeSpan pace = default)
    {
        // 1. One picture, or an endless one? Only a picture that is being sent is waited for.
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

        // 2. The stream is open as long as somebody looks. The feed pushes each new number into it.
        try
        {
            var client = clients.Of(context.Request, request.Site);
            var arrival = request.Counts ? identity.Describe(context, presence.Share(request.Page), client.Settles, client.Browser) : null;
            var stream = Open(context, client);
            Forget(context.Request);
            return feeds.RunAsync(request.Shows, arrival, stream, picture.Draw, pace, place, picture.IsLarge ? picture.Find : null);
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    /// <summary>The number that is probably shown to a request first.</summary>
    public DisplayedCount Expect(HttpContext context, OnlineRequest request) =>
        feeds.IsFrozen
            ? new(feeds.Find(request.Shows)?.Number ?? 0, Live: false)
            : new((feeds.Find(request.Shows)?.Number ?? 0) + (request.Counts && Client.WantsStream(context.Request) ? 1 : 0));

    /// <summary>Lets a request become an endless picture; whoever cannot have one, or need not, is answered here.</summary>
    /// <param name="context">The request and its answer.</param>
    /// <param name="page">The page whose viewer it would be.</param>
    /// <param name="still">Sends the picture as it is now; is told whether it may be kept for a moment.</param>
    /// <param name="enter">Asks for a place; null when a limit is reached.</param>
    /// <param name="needsSign">Whether a request without any sign of a browser or player gets a still.</param>
    /// <returns>The place, to be given back when the stream has ended; null when the answer was sent.</returns>
    public async ValueTask<IDisposable?> EnterAsync(HttpContext context, PageKey page, Func<bool, Task> still, Func<IDisposable?> enter, bool needsSign = true)
    {
        // Nobody looks at what a proxy or crawler fetches.
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

            // Who reads the answer, such as the script of /embed, takes this for a picture that is to go on, and not for one that ends.
            context.Response.Headers.RetryAfter = admission.RetryAfter.ToString(CultureInfo.InvariantCulture);
        }

        await still(isNobody && !BotDetector.IsPrefetch(context.Request));
        return null;
    }

    /// <summary>What was asked is known by now, and would stay in memory for as long as the stream is open.</summary>
    private static void Forget(HttpRequest request)
    {
        // Cleared as a whole, Kestrel keeps their values, to save the next request of the connection some strings.
        var headers = request.Headers;
        headers.Host = headers.UserAgent = headers.Referer = headers.Accept = headers.AcceptLanguage = headers.AcceptEncoding = headers.Cookie = default;
        headers.Clear();
        request.Query = QueryCollection.Empty;
        request.Path = PathString.Empty;
    }

    /// <summary>Begins the answer of somebody who was let in.</summary>
    public ImageStream Open(HttpContext context, ClientKind client)
    {
        ResponseHeaders.ForStream(context.Response, Multipart.IsAskedForBytes(context.Request) ? Multipart.Bytes : Multipart.ContentType, client);
        return new ImageStream(context, client, options.Value, clock, metrics);
    }

    /// <summary>Sends one picture with its length; those who ask for many people's sake may keep it for a moment.</summary>
    public static Task SendStillAsync(HttpContext context, Frame frame, bool forAMoment = false)
    {
        ResponseHeaders.ForStill(context.Response, frame.ContentType);
        if (forAMoment)
        {
            // Not in a cache that people share: they would get the still picture.
            context.Response.Headers.CacheControl = "private, max-age=10";
        }

        context.Response.ContentLength = frame.Image.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(frame.Image, context.RequestAborted).AsTask();
    }
}
