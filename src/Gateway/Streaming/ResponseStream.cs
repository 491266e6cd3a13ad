using System.Buffers;
using Counter.Gateway.Frames;
using Counter.Gateway.Operations;

namespace Counter.Gateway.Streaming;

/// <summary>A stream that is the body of an HTTP response.</summary>
internal abstract class ResponseStream(HttpContext context, TimeProvider clock, CounterMetrics? metrics)
    : LiveStream(clock, metrics)
{
    private bool begun;

    public override CancellationToken Aborted => context.RequestAborted;

    /// <summary>Writes what comes before the first frame.</summary>
    protected abstract void Begin(IBufferWriter<byte> output, Frame first);

    /// <summary>Writes one frame as this stream's format wants it.</summary>
    protected abstract void Write(IBufferWriter<byte> output, Frame frame, bool last);

    protected override async ValueTask<bool> WriteAsync(Frame frame, bool last)
    {
        // One write and one flush a frame: browsers paint what arrives together.
        var body = context.Response.BodyWriter;
        BeginOnce(body, frame);
        Write(body, frame, last);
        var flushed = await body.FlushAsync();
        return !flushed.IsCompleted && !flushed.IsCanceled;
    }

    /// <summary>Writes what comes before the first frame, if this is the first.</summary>
    protected void BeginOnce(IBufferWriter<byte> output, Frame first)
    {
        if (!begun)
        {
            begun = true;
            Begin(output, first);
        }
    }

    protected override void Abort() => context.Abort();
}

/// <summary>An endless picture.</summary>
internal class ImageStream(HttpContext context, WireProfile profile, TimeProvider clock, CounterMetrics? metrics)
    : ResponseStream(context, clock, metrics)
{
    private readonly bool firefox = Client.IsFirefox(context.Request);

    protected override TimeSpan Refresh(StreamingOptions options) => firefox ? options.FirefoxRefresh : options.Refresh;

    protected override void Begin(IBufferWriter<byte> output, Frame first) => Multipart.Begin(output, profile, first.ContentType);

    protected override void Write(IBufferWriter<byte> output, Frame frame, bool last) =>
        Multipart.Write(output, profile, frame, last);
}

/// <summary>Numbers as server-sent events.</summary>
internal sealed class EventStream(HttpContext context, TimeProvider clock, CounterMetrics metrics)
    : ResponseStream(context, clock, metrics)
{
    protected override void Begin(IBufferWriter<byte> output, Frame first) => output.Write("retry: 3000\n\n"u8);

    protected override void Write(IBufferWriter<byte> output, Frame frame, bool last)
    {
        output.Write("data: "u8);
        output.Write(frame.Image.Span);
        output.Write("\n\n"u8);
    }
}
