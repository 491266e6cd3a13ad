using System.IO.Pipelines;
using Counter.Counting.Relay;

namespace Counter.Gateway.Relay;

/// <summary>Why a published stream ended before its body did.</summary>
internal enum PublishEnd
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>Nothing came in the middle of a picture.</summary>
    Stalled,

    /// <summary>No picture came for long.</summary>
    Idle,

    /// <summary>A newer stream took its place.</summary>
    Replaced,

    /// <summary>The channel was removed.</summary>
    Removed,

    /// <summary>The gateway stops.</summary>
    Stopping,
}

/// <summary>The body of a request that publishes, read with patience that has an end.</summary>
internal sealed class Publisher : IDisposable
{
    private readonly PipeReader body;
    private readonly TimeSpan stall;
    private readonly TimeSpan idle;
    private readonly CancellationTokenSource ended;
    private readonly ITimer patience;
    private bool insidePicture;
    private int reason;

    /// <param name="body">What is published.</param>
    /// <param name="options">How long it may say nothing.</param>
    /// <param name="clock">Tells the time.</param>
    public Publisher(PipeReader body, RelayOptions options, TimeProvider clock)
    {
        this.body = body;
        stall = TimeSpan.FromSeconds(options.StallSeconds);
        idle = TimeSpan.FromSeconds(options.IdleSeconds);
        ended = new CancellationTokenSource();
        patience = clock.CreateTimer(
            _ => End(insidePicture ? PublishEnd.Stalled : PublishEnd.Idle), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Is told each picture that is shown.</summary>
    public Action<ChannelPicture>? Shown { get; set; }

    /// <summary>Why it was ended; <see cref="PublishEnd.None"/> when it was not.</summary>
    public PublishEnd Reason => (PublishEnd)Volatile.Read(ref reason);

    /// <summary>Reads what is there, or waits for more.</summary>
    /// <param name="inside">Whether a picture has begun, so that there is no reason to pause.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    /// <exception cref="IOException">The publisher is gone, and all that came was read.</exception>
    public async ValueTask<ReadResult> ReadAsync(bool inside)
    {
        ended.Token.ThrowIfCancellationRequested();
        if (body.TryRead(out var read))
        {
            return read;
        }

        insidePicture = inside;
        patience.Change(inside ? stall : idle, Timeout.InfiniteTimeSpan);
        try
        {
            return await body.ReadAsync(ended.Token);
        }
        finally
        {
            patience.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Says how far was read, as of a <see cref="PipeReader"/>.</summary>
    public void Advance(SequencePosition consumed, SequencePosition examined) => body.AdvanceTo(consumed, examined);

    /// <summary>Ends it. The first reason stands.</summary>
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
                // It has ended by itself meanwhile.
            }
        }
    }

    public void Dispose()
    {
        patience.Dispose();
        ended.Dispose();
    }
}
