using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Counter.Gateway.Operations;

/// <summary>A connection with outputs of this namespace: <see cref="SocketOutput"/>, and for HTTP/2 over TLS <see cref="Http2Output"/>.</summary>
/// <remarks>
/// For endpoints from settings, TLS comes after every connection middleware. After its handshake TLS sets its own transport on the connection.
/// For HTTP/2 its output is replaced there, and never written to: a TLS stream allows one write at a time.
/// </remarks>
internal sealed class WatchedConnection : ConnectionContext
{
    private readonly ConnectionContext connection;
    private IDuplexPipe transport;

    public WatchedConnection(ConnectionContext connection)
    {
        this.connection = connection;
        transport = connection.Transport;
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
        {
            try
            {
                // A write that does not fit returns an error instead of blocking the thread, which writes to other connections next.
                socket.Blocking = false;
            }
            catch (ObjectDisposedException)
            {
                // The server has closed the connection, because it stops.
            }

            transport = new Pipes(transport.Input, new SocketOutput(socket, connection));
        }
    }

    public override string ConnectionId
    {
        get => connection.ConnectionId;
        set => connection.ConnectionId = value;
    }

    public override IFeatureCollection Features => connection.Features;

    public override IDictionary<object, object?> Items
    {
        get => connection.Items;
        set => connection.Items = value;
    }

    public override IDuplexPipe Transport
    {
        get => transport;
        set => transport = IsHttp2 && Features.Get<Http2Output>() is null ? Watch(value) : value;
    }

    public override CancellationToken ConnectionClosed
    {
        get => connection.ConnectionClosed;
        set => connection.ConnectionClosed = value;
    }

    public override EndPoint? LocalEndPoint
    {
        get => connection.LocalEndPoint;
        set => connection.LocalEndPoint = value;
    }

    public override EndPoint? RemoteEndPoint
    {
        get => connection.RemoteEndPoint;
        set => connection.RemoteEndPoint = value;
    }

    private bool IsHttp2 => Features.Get<ITlsApplicationProtocolFeature>()?.ApplicationProtocol.Span.SequenceEqual("h2"u8) == true;

    public override void Abort() => connection.Abort();

    public override void Abort(ConnectionAbortedException abortReason) => connection.Abort(abortReason);

    private Pipes Watch(IDuplexPipe transport)
    {
        var sent = new Http2Output(Features.GetRequiredFeature<ISslStreamFeature>().SslStream, connection);
        Features.Set(sent);
        ConnectionClosed.UnsafeRegister(static sent => ((Http2Output)sent!).EndResponses(), sent);
        return new Pipes(transport.Input, sent);
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
