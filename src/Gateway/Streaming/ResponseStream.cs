using System.IO.Pipelines;
using Counter.Gateway.Operations;
using Microsoft.AspNetCore.Connections.Features;

namespace Counter.Gateway.Streaming;

/// <summary>A stream that is the body of an HTTP response.</summary>
internal abstract class ResponseStream : LiveStream
{
    private readonly HeldConnection? connection;

    protected ResponseStream(HttpContext context, ClientKind client, TimeProvider clock, CounterMetrics? metrics)
        : base(clock, metrics)
    {
        Context = context;
        connection = client.Connection;
        connection?.Hold(this);
    }

    /// <inheritdoc/>
    /// <remarks>An HTTP/1.1 connection has a token already. The token of the request would be another allocation.</remarks>
    public override CancellationToken Aborted =>
        HttpProtocol.IsHttp11(Context.Request.Protocol) && Context.Features.Get<IConnectionLifetimeFeature>() is { } connection
            ? connection.ConnectionClosed
            : Context.RequestAborted;

    /// <summary>The request and its response.</summary>
    protected HttpContext Context { get; }

    /// <inheritdoc/>
    public override HeldConnection? Connection => connection;

    /// <summary>Whether the first frame was begun.</summary>
    protected bool Begun { get; set; }

    /// <summary>Flushes the frame. There is one flush per frame, because browsers paint what arrives together.</summary>
    /// <returns>False when the peer has left.</returns>
    protected ValueTask<bool> FlushAsync() => IsTakenAsync(Context.Response.BodyWriter.FlushAsync());

    /// <summary>Writes a frame and flushes it. This is less work for the server than to do one after the other.</summary>
    /// <param name="frame">The frame. Not empty.</param>
    /// <returns>False when the peer has left.</returns>
    protected ValueTask<bool> FlushAsync(ReadOnlyMemory<byte> frame) => IsTakenAsync(Context.Response.BodyWriter.WriteAsync(frame));

    protected override void OnEnded() => connection?.Release();

    protected override void Abort() => Context.Abort();

    private static async ValueTask<bool> IsTakenAsync(ValueTask<FlushResult> flushing)
    {
        var flushed = await flushing;
        return !flushed.IsCompleted && !flushed.IsCanceled;
    }
}
