using Counter.Gateway.Streaming;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Operations;

/// <summary>How many connections there may be at once; one more is cut before anything is read from it.</summary>
/// <remarks>
/// Streams have a limit of their own; this one is for connections that ask for nothing. Kestrel's (<c>MaxConcurrentConnections</c>) keeps
/// a task and two objects for each connection that is open, this one a place in a list (docs/performance.md).
/// </remarks>
internal sealed partial class ConnectionLimit(IOptions<LimitsOptions> limits, CounterMetrics metrics, TimeProvider clock, ILogger<ConnectionLimit> log)
{
    /// <summary>For pages, pictures that are stills, numbers, and whoever reads them.</summary>
    private const int Spare = 2000;

    private static readonly TimeSpan BetweenWarnings = TimeSpan.FromMinutes(1);

    private readonly int most = limits.Value.Streams + Spare;
    private int open;
    private long quietUntil = long.MinValue;

    /// <summary>Lets connections through to what serves them.</summary>
    public ConnectionDelegate Before(ConnectionDelegate next) => connection =>
    {
        if (Interlocked.Increment(ref open) > most)
        {
            Interlocked.Decrement(ref open);
            connection.Abort();
            Warn();
            return Task.CompletedTask;
        }

        connection.ConnectionClosed.UnsafeRegister(static limit => Interlocked.Decrement(ref ((ConnectionLimit)limit!).open), this);
        return next(connection);
    };

    private void Warn()
    {
        metrics.Refused("connections");
        var (now, quiet) = (clock.GetTimestamp(), Volatile.Read(ref quietUntil));
        if (now >= quiet && Interlocked.CompareExchange(ref quietUntil, now + (long)(BetweenWarnings.TotalSeconds * clock.TimestampFrequency), quiet) == quiet)
        {
            LogFull(most);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "There are {Most} connections, as many as may be (Limits:Streams and some); others are cut.")]
    private partial void LogFull(int most);
}
