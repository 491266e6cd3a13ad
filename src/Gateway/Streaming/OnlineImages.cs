using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Streaming;

/// <summary>Answers a request for a picture. This is where the way of one change begins.</summary>
internal sealed class OnlineImages(OnlineRequests requests, LivePictures pictures, FrameCache frames)
{
    /// <summary>A live picture, or a still one where an endless answer is not wanted or not possible.</summary>
    public Task ServeAsync(HttpContext context, ImageFormat format)
    {
        // 1. Which page, and which number? Without one there is nothing to count, and a sentence says how to embed.
        if (!requests.TryRead(context.Request, out var request, out var refusal))
        {
            return refusal.SendAsync(context, frames, format);
        }

        // 2. How does it look? The first frame is drawn before anything is sent, so a look that cannot be drawn is a plain 400.
        if (!TryLook(context.Request, format, request.Site.Look, out var look, out refusal))
        {
            return refusal.SendAsync(context, frames, format);
        }

        // 3. The rest is the same for whatever shows a number.
        return pictures.ServeAsync(context, request, frames.Drawing(look));
    }

    /// <summary>Draws one frame: the first takes a while, since fonts are looked for.</summary>
    public void WarmUp() => frames.Get(new Look(ImageFormat.Png), new Reading(0));

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
            ? LivePictures.SendStillAsync(context, frames.Get(look, new Reading(number, Live: context.Request.Query["stale"] != "1")))
            : refusal.SendAsync(context, frames, format);
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
