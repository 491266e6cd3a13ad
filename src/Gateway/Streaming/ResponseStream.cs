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
    /// <remarks>An HTTP/1.1 connection has a token anyway; one of the request's own would be made for this.</remarks>
    public override CancellationToken Aborted =>
        HttpProtocol.IsHttp11(Context.Request.Protocol) && Context.Features.Get<IConnectionLifetimeFeature>() is { } connection
            ? connection.ConnectionClosed
            : Context.RequestAborted;

    /// <summary>The request and its answer.</summary>
    protected HttpContext Context { get; }

    /// <inheritdoc/>
    public override HeldConnection? Connection => connection;

    /// <summary>Whether a frame was written.</summary>
    protected bool Begun { get; set; }

    /// <summary>Sends what was written. Browsers paint what arrives together, so there is one flush for a frame.</summary>
    /// <returns>False when the peer is gone.</returns>
    protected async ValueTask<bool> FlushAsync()
    {
        var flushed = await Context.Response.BodyWriter.FlushAsync();
        return !flushed.IsCompleted && !flushed.IsCanceled;
    }

    protected override void OnEnded() => connection?.Release();

    protected override void Abort() => Context.Abort();
}
