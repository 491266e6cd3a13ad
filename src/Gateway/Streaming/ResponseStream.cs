using System.Buffers;
using Counter.Gateway.Frames;
using Counter.Gateway.Operations;
using Microsoft.AspNetCore.Connections.Features;

namespace Counter.Gateway.Streaming;

/// <summary>A stream that is the body of an HTTP response.</summary>
internal abstract class ResponseStream(HttpContext context, TimeProvider clock, CounterMetrics? metrics)
    : LiveStream(clock, metrics)
{
    /// <summary>Whether a frame was written.</summary>
    protected bool Begun { get; private set; }

    /// <inheritdoc/>
    /// <remarks>An HTTP/1.1 connection has a token anyway; one of the request's own would be made for this.</remarks>
    public override CancellationToken Aborted =>
        HttpProtocol.IsHttp11(context.Request.Protocol) && context.Features.Get<IConnectionLifetimeFeature>() is { } connection
            ? connection.ConnectionClosed
            : context.RequestAborted;

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
        if (!Begun)
        {
            Begun = true;
            Begin(output, first);
        }
    }

    protected override void Abort() => context.Abort();
}

/// <summary>An endless picture.</summary>
/// <param name="context">The request and its answer.</param>
/// <param name="profile">Which bytes go around a frame.</param>
/// <param name="options">How frames flow.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="metrics">Counts frames; null for streams that are not the visitors'.</param>
internal class ImageStream(
    HttpContext context, WireProfile profile, StreamingOptions options, TimeProvider clock, CounterMetrics? metrics)
    : ResponseStream(context, clock, metrics)
{
    private readonly HttpContext context = context;
    private readonly bool firefox = Client.IsFirefox(context.Request);
    private bool mayWritePast = options.WritesPastServer && profile == WireProfile.Browser;
    private ChunkSocket? socket;

    protected override TimeSpan Refresh(StreamingOptions options) => firefox ? options.FirefoxRefresh : options.Refresh;

    protected override ValueTask<bool> WriteAsync(Frame frame, bool last)
    {
        // What comes first and last is the server's to write; for all between there may be a shorter way.
        if (mayWritePast && Begun && !last)
        {
            mayWritePast = false;
            socket = ChunkSocket.Find(context);
        }

        return socket is null || last ? base.WriteAsync(frame, last) : socket.SendAsync(frame.Wire ??= Multipart.Chunk(frame));
    }

    protected override void Begin(IBufferWriter<byte> output, Frame first) => Multipart.Begin(output, profile, first);

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
