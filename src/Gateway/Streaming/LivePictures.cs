using Counter.Gateway.Frames;
using Counter.Gateway.Numbers;
using Counter.Gateway.Operations;
using Counter.Gateway.Visitors;

namespace Counter.Gateway.Streaming;

/// <summary>Serves a picture that shows a number, whatever it looks like, once it is known which number that is.</summary>
internal sealed class LivePictures(
    CurrentNumber current, NotPeople notPeople, VisitorIdentity identity, Feeds feeds, Admission admission, TimeProvider clock,
    CounterMetrics metrics)
{
    /// <summary>A live picture, or a still one where an endless answer is not wanted or not possible.</summary>
    /// <param name="context">The request and its answer.</param>
    /// <param name="request">The page and the number.</param>
    /// <param name="draw">Makes the frame that shows a number. Runs while others wait for theirs, so it must not wait for anybody.</param>
    /// <param name="pace">The least time between two frames of different numbers; by default that of every number.</param>
    public async Task ServeAsync(HttpContext context, OnlineRequest request, Func<Reading, Frame> draw, TimeSpan pace = default)
    {
        // 1. One picture, or an endless one? Nobody looks at what a proxy or crawler fetches.
        if (notPeople.Recognise(context.Request, request.Page))
        {
            await SendStillAsync(context, await DrawNowAsync(), forAMoment: !NotPeople.IsPrefetch(context.Request));
            return;
        }

        if (!Client.CanStream(context.Request) || context.Request.Query["live"] == "0")
        {
            await SendStillAsync(context, await DrawNowAsync());
            return;
        }

        if (Client.WaitsForSameAddress(context.Request))
        {
            Client.SendToOwnAddress(context);
            return;
        }

        using var place = admission.TryEnter(context, request);
        if (place is null)
        {
            await SendStillAsync(context, await DrawNowAsync());
            return;
        }

        // 2. The stream is open as long as somebody looks. The feed pushes each new number into it.
        var profile = Client.IsBrowser(context.Request) && context.Request.Query["length"] != "1"
            ? WireProfile.Browser
            : WireProfile.Tool;
        var arrival = request.Counts ? identity.Describe(context, request.Page) : null;
        ResponseHeaders.ForStream(context.Response, Multipart.ContentType);
        var stream = new ImageStream(context, profile, clock, metrics);
        await feeds.RunAsync(request.Shows, arrival, stream, draw, pace);

        async ValueTask<Frame> DrawNowAsync() => draw(await current.GetKnownAsync(request.Shows, context.RequestAborted));
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
