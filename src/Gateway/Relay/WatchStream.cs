using System.Buffers;
using Counter.Gateway.Frames;
using Counter.Gateway.Operations;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Relay;

/// <summary>An endless picture whose frames are photographs, so that one of them can be a long way on a slow line.</summary>
internal sealed class WatchStream(
    HttpContext context, WireProfile profile, StreamingOptions options, TimeProvider clock, CounterMetrics metrics)
    : ImageStream(context, profile, options, clock, metrics)
{
    /// <summary>What is given to the server at once; more would be kept in memory for each slow watcher.</summary>
    private const int SliceBytes = 64 * 1024;

    private readonly HttpContext context = context;
    private readonly WireProfile profile = profile;

    // Firefox's left pages are found with the usual round: a photograph every second would be dear.
    protected override TimeSpan Refresh(StreamingOptions options) => options.Refresh;

    protected override async ValueTask<bool> WriteAsync(Frame frame, bool last)
    {
        if (frame.Image.Length <= SliceBytes)
        {
            return await base.WriteAsync(frame, last);
        }

        var body = context.Response.BodyWriter;
        BeginOnce(body, frame);
        Multipart.Before(body, profile, frame);
        for (var image = frame.Image; image.Length > 0; image = image[Math.Min(SliceBytes, image.Length)..])
        {
            body.Write(image.Span[..Math.Min(SliceBytes, image.Length)]);
            if (image.Length <= SliceBytes)
            {
                Multipart.After(body, profile, frame, last);
            }

            var flushed = await body.FlushAsync();
            if (flushed.IsCompleted || flushed.IsCanceled)
            {
                return false;
            }

            Progress();
        }

        return true;
    }
}
