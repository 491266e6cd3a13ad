using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Counter.Gateway.Frames;
using Counter.Gateway.Numbers;
using Counter.Gateway.Operations;
using Counter.Gateway.Visitors;

namespace Counter.Gateway.Streaming;

/// <summary>Answers a request for a picture. This is where the way of one change begins.</summary>
internal sealed class OnlineImages(
    OnlineRequests requests, CurrentNumber current, NotPeople notPeople, VisitorIdentity identity, Feeds feeds, Admission admission,
    FrameCache frames, TimeProvider clock, CounterMetrics metrics)
{
    /// <summary>A live picture, or a still one where an endless answer is not wanted or not possible.</summary>
    public async Task ServeAsync(HttpContext context, ImageFormat format)
    {
        // 1. Which page, and which number? Without one there is nothing to count, and a sentence says how to embed.
        if (!requests.TryRead(context.Request, out var request, out var refusal))
        {
            await refusal.SendAsync(context, frames, format);
            return;
        }

        // 2. How does it look? The first frame is drawn before anything is sent, so a look that cannot be drawn is a plain 400.
        if (!TryLook(context.Request, format, request.Site.Look, out var look, out refusal))
        {
            await refusal.SendAsync(context, frames, format);
            return;
        }

        // 3. One picture, or an endless one? Nobody looks at what a proxy or crawler fetches.
        if (notPeople.Recognise(context.Request, request.Page))
        {
            await SendStillAsync(context, frames.Get(look, await current.GetAsync(request.Shows, context.RequestAborted)), forAMoment: !NotPeople.IsPrefetch(context.Request));
            return;
        }

        if (!Client.CanStream(context.Request) || context.Request.Query["live"] == "0")
        {
            await SendStillAsync(context, frames.Get(look, await current.GetAsync(request.Shows, context.RequestAborted)));
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
            await SendStillAsync(context, frames.Get(look, await current.GetAsync(request.Shows, context.RequestAborted)));
            return;
        }

        // 4. The stream is open as long as somebody looks. The feed pushes each new number into it.
        var profile = Client.IsBrowser(context.Request) && context.Request.Query["length"] != "1"
            ? WireProfile.Browser
            : WireProfile.Tool;
        var arrival = request.Counts ? identity.Describe(context, request.Page) : null;
        ResponseHeaders.ForStream(context.Response, Multipart.ContentType);
        var stream = new ImageStream(context, profile, clock, metrics);
        await feeds.RunAsync(request.Shows, arrival, stream, reading => frames.Get(look, reading));
    }

    /// <summary>Draws one frame of each format: the first takes a while, since fonts are looked for.</summary>
    public void WarmUp()
    {
        foreach (var format in Enum.GetValues<ImageFormat>())
        {
            frames.Get(new Look(format), new Reading(0));
        }
    }

    /// <summary>A still of any number: <c>?n=3</c>; <c>&amp;stale=1</c> shows the last frame of a stream.</summary>
    public Task PreviewAsync(HttpContext context, ImageFormat format)
    {
        var n = context.Request.Query["n"];
        var number = 0;
        if (n.Count > 0 && !int.TryParse(n[0], NumberStyles.None, CultureInfo.InvariantCulture, out number))
        {
            return Refusal.BadParameter("n", "A whole number from 0 to 2147483647.").SendAsync(context, frames, format);
        }

        return TryLook(context.Request, format, null, out var look, out var refusal)
            ? SendStillAsync(context, frames.Get(look, new Reading(number, Live: context.Request.Query["stale"] != "1")))
            : refusal.SendAsync(context, frames, format);
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

    private bool TryLook(
        HttpRequest request, ImageFormat format, IReadOnlyDictionary<string, string>? usual,
        [NotNullWhen(true)] out Look? look, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = null;
        if (!LookQuery.TryParse(request.Query, format, out look, out var errors, usual))
        {
            refusal = Refusal.BadParameters(errors);
        }
        else if (frames.Problem(look) is { } problem)
        {
            refusal = Refusal.BadParameter("size", problem);
        }

        return refusal is null;
    }
}
