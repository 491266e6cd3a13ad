using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Counter.Gateway.Operations;

/// <summary>Kestrel's sockets, of which those that are beyond a limit are closed where they are accepted.</summary>
/// <remarks>
/// Not a step later: connections come faster than threads take them up, and each of those that wait has a descriptor. Here there is never more
/// than one too many for each address that is listened on.
/// </remarks>
internal sealed class LimitedListeners(SocketTransportFactory sockets, ConnectionLimit limit) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await sockets.BindAsync(endpoint, cancellationToken), limit);

    [SuppressMessage("Reliability", "CA2000", Justification = "Whoever binds disposes.")]
    private sealed class Listener(IConnectionListener sockets, ConnectionLimit limit) : IConnectionListener
    {
        public EndPoint EndPoint => sockets.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (await sockets.AcceptAsync(cancellationToken) is { } connection)
            {
                if (limit.TryEnter(connection))
                {
                    return connection;
                }

                connection.Abort();
                await connection.DisposeAsync();
            }

            return null;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => sockets.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => sockets.DisposeAsync();
    }
}
