using System.IO.Pipelines;
using System.Net;
using System.Runtime.InteropServices;
using Counter.Gateway.Network;
using Counter.Gateway.Settings;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Operations;

/// <summary>What waits in memory for clients to take it: for how long, and how much in all and of one address.</summary>
/// <remarks>
/// The server has a rule too (<c>MinResponseDataRate</c>), but over HTTP/2 that is about the connection as a whole: a client that takes no answer and
/// sends a ping a second keeps all of them. Streams have a deadline and a bound of their own.
/// </remarks>
internal sealed class UnreadResponses(IOptions<StreamingOptions> streaming, IOptions<LimitsOptions> limits, CounterMetrics metrics, TimeProvider clock)
{
    /// <summary>How much longer than a stream an answer may wait without progress.</summary>
    public static readonly TimeSpan AfterStreams = TimeSpan.FromSeconds(2);

    /// <summary>Where too much waits, an answer that is being taken needs no longer than this for its next part.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);

    private const long MostBytes = 64 * 1024 * 1024;
    private const int PartOfMemory = 16;
    private const long MostBytesOfAddress = 4 * 1024 * 1024;

    // What a browser asks for at once.
    private const long LittleBytes = 256 * 1024;

    // A request that waits: its stream, and what the server has buffered.
    private const int RequestBytes = 8 * 1024;

    private readonly TimeSpan patience = streaming.Value.WriteTimeout + AfterStreams;
    private readonly bool exemptsPrivate = limits.Value.ExemptPrivateAddresses;
    private readonly Dictionary<IPAddress, long> waiting = [];
    private readonly long mostBytes = Math.Min(MostBytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / PartOfMemory);
    private long all;

    /// <summary>Waits until a part of an answer was taken. Ends the answer where that takes too long, or too much waits already.</summary>
    /// <param name="context">The request.</param>
    /// <param name="writing">The part.</param>
    /// <param name="bytes">What is kept until all of the answer is taken, beside the request itself.</param>
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

            // Whoever disposes waits for a call that has begun: it must not end the next request of the connection.
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
    /// Counts what waits. Returns how long it may: not at all where its address has as much as may be. Where all have too much together, whoever has
    /// little is given a moment: those who take what they ask for are not cut because of those who do not.
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
                : all <= mostBytes ? patience
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
