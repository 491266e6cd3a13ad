using System.IO.Pipelines;
using Counter.Counting.Relay;

namespace Counter.Gateway.Relay;

/// <summary>Why a published stream ended before its body did.</summary>
internal enum PublishEnd
{
    /// <summary>It has not ended early.</summary>
    None,

    /// <summary>Nothing came in the middle of a picture.</summary>
    Stalled,

    /// <summary>No picture came for too long.</summary>
    Idle,

    /// <summary>A newer stream replaced it.</summary>
    Replaced,

    /// <summary>The channel was removed.</summary>
    Removed,

    /// <summary>The gateway stops.</summary>
    Stopping,
}

/// <summary>Reads the body of a request that publishes, with timeouts.</summary>
internal sealed class Publisher : IDisposable
{
    private readonly PipeReader body;
    private readonly TimeSpan stall;
    private readonly TimeSpan idle;
    private readonly CancellationTokenSource ended;
    private readonly ITimer timeout;
    private bool insidePicture;
    private int reason;

    /// <param name="body">The body.</param>
    /// <param name="options">Has the timeouts.</param>
    /// <param name="clock">The clock.</param>
    public Publisher(PipeReader body, RelayOptions options, TimeProvider clock)
    {
        this.body = body;
        stall = TimeSpan.FromSeconds(options.StallSeconds);
        idle = TimeSpan.FromSeconds(options.IdleSeconds);
        ended = new CancellationTokenSource();
        timeout = clock.CreateTimer(
            _ => End(insidePicture ? PublishEnd.Stalled : PublishEnd.Idle), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Is called with each picture that is shown.</summary>
    public Action<ChannelPicture>? Shown { get; set; }

    /// <summary>Why the publisher was ended; <see cref="PublishEnd.None"/> when it was not.</summary>
    public PublishEnd Reason => (PublishEnd)Volatile.Read(ref reason);

    /// <summary>Reads the available bytes, or waits for more.</summary>
    /// <param name="inside">Whether a picture has begun, to which the shorter timeout for stalls applies.</param>
    /// <exception cref="OperationCanceledException">The publisher was ended.</exception>
    /// <exception cref="IOException">The client has left, and all its bytes were read.</exception>
    public async ValueTask<ReadResult> ReadAsync(bool inside)
    {
        ended.Token.ThrowIfCancellationRequested();
        if (body.TryRead(out var read))
        {
            return read;
        }

        insidePicture = inside;
        timeout.Change(inside ? stall : idle, Timeout.InfiniteTimeSpan);
        try
        {
            return await body.ReadAsync(ended.Token);
        }
        finally
        {
            timeout.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Advances the reader, as <see cref="PipeReader.AdvanceTo(SequencePosition, SequencePosition)"/>.</summary>
    public void Advance(SequencePosition consumed, SequencePosition examined) => body.AdvanceTo(consumed, examined);

    /// <summary>Ends the publisher. The first reason stays.</summary>
    public void End(PublishEnd why)
    {
        if (Interlocked.CompareExchange(ref reason, (int)why, (int)PublishEnd.None) == (int)PublishEnd.None)
        {
            try
            {
                ended.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The body has ended meanwhile.
            }
        }
    }

    public void Dispose()
    {
        timeout.Dispose();
        ended.Dispose();
    }
}
