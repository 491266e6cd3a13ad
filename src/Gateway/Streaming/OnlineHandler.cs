using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Streaming;

/// <summary>Answers a request for a picture. The path of a change starts here.</summary>
internal sealed class OnlineHandler(OnlineRequests requests, LiveImageHandler pictures, FrameCache frames, DrawingQueue drawings)
{
    /// <summary>Serves a live picture, or a still one where an endless response is not wanted or not possible.</summary>
    public Task ServeAsync(HttpContext context, ImageFormat format)
    {
        ResponseHeaders.AllowAnyOrigin(context.Response);

        // 1. Which page and which number? Without a page there is nothing to count, and a sentence explains how to embed.
        if (!requests.TryRead(context.Request, out var request, out var refusal))
        {
            return refusal.SendAsync(context, frames, format);
        }

        // 2. Which style? The size is checked before anything is sent, so a style that cannot be drawn is a plain 400.
        if (!TryLook(context.Request, format, request.Site.Look, out var style, out refusal))
        {
            return refusal.SendAsync(context, frames, format);
        }

        // 3. The rest is the same for every style.
        return frames.IsMeasured(style) ? ServeAsync(context, request, style) : ServeNewAsync(context, request, style);
    }

    /// <summary>Draws one frame. The first takes a while, because it searches for fonts.</summary>
    public void WarmUp() => frames.Measure(new CounterStyle(ImageFormat.Png)).Picture.Draw(new DisplayedCount(0));

    /// <summary>Serves a still of any number: <c>?n=3</c>. <c>&amp;stale=1</c> shows the last frame of a stream.</summary>
    public async Task PreviewAsync(HttpContext context, ImageFormat format)
    {
        ResponseHeaders.AllowAnyOrigin(context.Response);
        var n = context.Request.Query["n"];
        var number = 0;
        if (n.Count > 0 && !int.TryParse(n[0], NumberStyles.None, CultureInfo.InvariantCulture, out number))
        {
            await Refusal.BadParameter("n", "A whole number from 0 to 2147483647.").SendAsync(context, frames, format);
            return;
        }

        if (Refusal.OfFlags(context.Request.Query) is { } bad)
        {
            await bad.SendAsync(context, frames, format);
            return;
        }

        if (!TryLook(context.Request, format, null, out var style, out var refusal))
        {
            await refusal.SendAsync(context, frames, format);
            return;
        }

        var displayed = new DisplayedCount(number, Live: context.Request.Query["stale"] != "1");
        var measured = frames.IsMeasured(style) ? frames.Measure(style) : await DrawNewAsync(context, style, displayed);
        if (measured?.Problem is { } problem)
        {
            await Refusal.BadParameter("size", problem).SendAsync(context, frames, format);
        }
        else if (measured is not null && (measured.Picture.Find(displayed) ?? await drawings.DrawAsync(context, () => measured.Picture.Draw(displayed))) is { } frame)
        {
            await LiveImageHandler.SendStillAsync(context, frame);
        }
    }

    /// <summary>Serves a style that is in no cache. The cache has it afterwards.</summary>
    private async Task ServeNewAsync(HttpContext context, OnlineRequest request, CounterStyle style)
    {
        if (await DrawNewAsync(context, style, pictures.Expect(context, request)) is { } measured)
        {
            await ServeAsync(context, request, style, measured);
        }
    }

    private Task ServeAsync(HttpContext context, OnlineRequest request, CounterStyle style, MeasuredStyle? known = null)
    {
        var measured = known ?? frames.Measure(style);
        return measured.Problem is { } problem
            ? Refusal.BadParameter("size", problem).SendAsync(context, frames, style.Format)
            : pictures.ServeAsync(context, request, measured.Picture);
    }

    private Task<MeasuredStyle?> DrawNewAsync(HttpContext context, CounterStyle style, DisplayedCount first) => drawings.DrawAsync(context, () =>
    {
        var measured = frames.Measure(style);
        if (measured.Problem is null)
        {
            measured.Picture.Draw(first);
        }

        return measured;
    });

    private static bool TryLook(
        HttpRequest request, ImageFormat format, IReadOnlyDictionary<string, string>? usual,
        [NotNullWhen(true)] out CounterStyle? style, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = StyleQuery.TryParse(request.Query, format, out style, out var errors, usual) ? null : Refusal.BadParameters(errors);
        return style is not null;
    }
}
