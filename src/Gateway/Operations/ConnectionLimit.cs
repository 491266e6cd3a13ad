using System.Globalization;
using Counter.Gateway.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Operations;

/// <summary>Limits open connections: in all, per address, and by the descriptors and memory that the system allows.</summary>
/// <remarks>
/// Streams have limits of their own. These limits also cover connections that send no request or are not served. Kestrel's limit
/// (<c>MaxConcurrentConnections</c>) keeps a task and two objects for each open connection. This one keeps a place in a list
/// (docs/performance.md), and an object where addresses are limited.
/// </remarks>
internal sealed partial class ConnectionLimit(
    IOptions<LimitsOptions> limits, AddressConnections addresses, FileDescriptors descriptors, MemoryLimit memory, CounterMetrics metrics, TimeProvider clock, ILogger<ConnectionLimit> log)
{
    /// <summary>Connections for pages, still pictures and numbers.</summary>
    private const int Spare = 2000;

    private static readonly TimeSpan BetweenWarnings = TimeSpan.FromMinutes(1);

    private readonly int most = limits.Value.Streams + Spare;
    private readonly OncePerInterval warning = new(BetweenWarnings, clock);
    private int open;

    /// <summary>Logs a warning when the system allows fewer connections than the settings.</summary>
    public void WarnOfSystem()
    {
        if (descriptors.Room() is { } room && room < most)
        {
            LogSystem(descriptors.Limit!.Value, room, most, FileDescriptors.Remedy);
        }
    }

    /// <summary>Counts a connection until it closes. False when a limit is reached.</summary>
    public bool TryEnter(ConnectionContext connection)
    {
        if (connection.Features.Get<IConnectionSocketFeature>() is { } feature && descriptors.IsSpare(feature.Socket.SafeHandle.DangerousGetHandle()))
        {
            return Refuse("descriptors", $"{open} connections, as many as the system has room for (ulimit -n)");
        }

        if (memory.IsReached())
        {
            return Refuse("memory", $"{memory.UsedMegabytes} MB in use, nine tenths of what the system allows this process");
        }

        if (Interlocked.Increment(ref open) > most)
        {
            Interlocked.Decrement(ref open);
            return Refuse("connections", $"{most} connections, the most that are allowed (from Limits:Streams)");
        }

        if (!addresses.TryEnter(connection.RemoteEndPoint, out var place))
        {
            Interlocked.Decrement(ref open);
            return Refuse("address_connections", $"the most connections from one address that are allowed (Limits:ConnectionsPerAddress)");
        }

        connection.ConnectionClosed.UnsafeRegister(static limit => Interlocked.Decrement(ref ((ConnectionLimit)limit!).open), this);
        if (place is not null)
        {
            connection.ConnectionClosed.UnsafeRegister(static place => ((IDisposable)place!).Dispose(), place);
        }

        return true;
    }

    private bool Refuse(string limit, FormattableString what)
    {
        metrics.Refused(limit);
        if (warning.TryEnter())
        {
            LogFull(what.ToString(CultureInfo.InvariantCulture));
        }

        return false;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "There are {What}; further connections are closed.")]
    private partial void LogFull(string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The system allows this process {Limit} open files and sockets. That is room for {Room} connections, but the settings allow {Most}. {Remedy}")]
    private partial void LogSystem(int limit, int room, int most, string remedy);
}
