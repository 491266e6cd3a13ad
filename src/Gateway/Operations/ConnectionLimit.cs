using Microsoft.AspNetCore.Connections;

namespace Counter.Gateway.Operations;

/// <summary>How many connections there may be at once; one more is cut before anything is read from it.</summary>
/// <remarks>
/// Kestrel's own limit (<c>MaxConcurrentConnections</c>) keeps a task and two objects for each connection that is open, here nothing but
/// a place in a list is: 150 bytes of an idle stream's 12 KB (docs/performance.md).
/// </remarks>
/// <param name="most">The most.</param>
internal sealed class ConnectionLimit(int most)
{
    private int open;

    /// <summary>Lets connections through to what serves them.</summary>
    public ConnectionDelegate Before(ConnectionDelegate next) => connection =>
    {
        if (Interlocked.Increment(ref open) > most)
        {
            Interlocked.Decrement(ref open);
            connection.Abort();
            return Task.CompletedTask;
        }

        connection.ConnectionClosed.UnsafeRegister(static limit => Interlocked.Decrement(ref ((ConnectionLimit)limit!).open), this);
        return next(connection);
    };
}
