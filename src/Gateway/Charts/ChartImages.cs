using Counter.Counting.Pages;
using Counter.Gateway.Frames;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Charts;

/// <summary>Serves charts of viewers: live pictures that show the history and the current number.</summary>
internal sealed class ChartImages(
    OnlineRequests requests, LiveImageHandler pictures, ViewerHistories pasts, ChartFrames charts, FrameCache frames, DrawingQueue drawings)
{
    /// <summary>A chart has a few kilobytes, so it does not follow every change of a number that changes often.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>Serves a live chart, or a still one when the client does not want or cannot take an endless response.</summary>
    public async Task ServeAsync(HttpContext context, ImageFormat format)
    {
        ResponseHeaders.AllowAnyOrigin(context.Response);
        if (!requests.TryRead(context.Request, out var request, out var refusal))
        {
            await refusal.SendAsync(context, frames, format);
            return;
        }

        if (request.Shows.Of is not (CountOf.Page or CountOf.Site))
        {
            await Refusal.BadParameter("count", "page or site. A chart shows the viewers over time.").SendAsync(context, frames, format);
            return;
        }

        if (!ChartQuery.TryParse(context.Request.Query, format, out var style, out var range, out var errors, request.Site.Look))
        {
            await Refusal.BadParameters(errors).SendAsync(context, frames, format);
            return;
        }

        var past = pasts.Open(request.Shows, range);
        try
        {
            // The request may wait for the cluster here. An open stream never waits for it.
            await past.Refresh().WaitAsync(context.RequestAborted);
            var first = pictures.Expect(context, request);
            if ((Find(first) ?? await drawings.DrawAsync(context, () => Draw(first))) is not null)
            {
                await pictures.ServeAsync(context, request, new NumberPicture(Draw, Find, IsLarge: format != ImageFormat.Svg), Pace);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone.
        }
        finally
        {
            pasts.Close(past);
        }

        Frame Draw(DisplayedCount now)
        {
            _ = past.Refresh();
            return charts.Get(past.Now, now, style, format);
        }

        Frame? Find(DisplayedCount now) => charts.Find(past.Now, now, style, format);
    }
}
