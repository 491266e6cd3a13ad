using System.IO.Pipelines;
using System.Net;
using System.Runtime.InteropServices;
using Counter.Gateway.Network;
using Counter.Gateway.Settings;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Operations;

/// <summary>Limits the response bytes that wait in memory for clients: how long they wait, and how many there are in all and per address.</summary>
/// <remarks>
/// The server has a limit too (<c>MinResponseDataRate</c>), but over HTTP/2 it applies to the whole connection: a client that takes no response
/// and sends a ping a second keeps all of them. Streams have a deadline and a bound of their own.
/// </remarks>
internal sealed class UnreadResponses(IOptions<StreamingOptions> streaming, IOptions<LimitsOptions> limits, CounterMetrics metrics, TimeProvider clock)
{
    /// <summary>How much longer than a stream a response may wait without progress.</summary>
    public static readonly TimeSpan AfterStreams = TimeSpan.FromSeconds(2);

    /// <summary>The wait for the next part of a response when too many bytes wait in all. An active client needs no longer.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);

    private const long MostBytes = 64 * 1024 * 1024;
    private const int PartOfMemory = 16;
    private const long MostBytesOfAddress = 4 * 1024 * 1024;

    // The size of the responses that a browser requests at once.
    private const long LittleBytes = 256 * 1024;

    // The memory of a waiting request: its stream, and the server's buffer.
    private const int RequestBytes = 8 * 1024;

    private readonly TimeSpan readTimeout = streaming.Value.WriteTimeout + AfterStreams;
    private readonly bool exemptsPrivate = limits.Value.ExemptPrivateAddresses;
    private readonly Dictionary<IPAddress, long> waiting = [];
    private readonly long mostBytes = Math.Min(MostBytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / PartOfMemory);
    private long all;

    /// <summary>
    /// Waits until the client has taken a part of a response. Aborts the response when that takes too long, or too many bytes wait already.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="writing">The write of the part.</param>
    /// <param name="bytes">The bytes that stay in memory until the whole response is taken, without the request itself.</param>
    public async ValueTask<FlushResult> WaitAsync(HttpContext context, ValueTask<FlushResult> writing, int bytes)
    {
        bytes += RequestBytes;
        var address = ClientAddress.Of(context);
        var longest = Enter(address, bytes);
        try
        {
            if (longest == TimeSpan.Zero)
            {
                End(context);
                return await writing;
            }

            // Disposal waits for a callback that has begun: the callback must not abort the next request of the connection.
            await using var deadline = clock.CreateTimer(late => End((HttpContext)late!), context, longest, Timeout.InfiniteTimeSpan);
            return await writing;
        }
        finally
        {
            Leave(address, bytes);
        }
    }

    private void End(HttpContext context)
    {
        metrics.Refused("unread");
        context.Abort();
    }

    /// <summary>
    /// Counts waiting bytes and returns how long they may wait. Zero where their address has more than its share. When all addresses together
    /// have too many, an address with few gets a moment: clients that take their responses are not cut because of clients that do not.
    /// </summary>
    private TimeSpan Enter(IPAddress address, int bytes)
    {
        var isExempt = exemptsPrivate && NetworkAddress.IsPrivate(address);
        lock (waiting)
        {
            ref var mine = ref CollectionsMarshal.GetValueRefOrAddDefault(waiting, address, out var hasOther);
            all += bytes;
            mine += bytes;
            return mine > MostBytesOfAddress && !isExempt ? TimeSpan.Zero
                : all <= mostBytes ? readTimeout
                : isExempt || !hasOther || mine <= LittleBytes ? Moment
                : TimeSpan.Zero;
        }
    }

    private void Leave(IPAddress address, int bytes)
    {
        lock (waiting)
        {
            all -= bytes;
            if ((CollectionsMarshal.GetValueRefOrNullRef(waiting, address) -= bytes) == 0)
            {
                waiting.Remove(address);
            }
        }
    }
}
