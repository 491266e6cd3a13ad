using Counter.Gateway.Frames;
using Counter.Gateway.Operations;

namespace Counter.Gateway.Streaming;

/// <summary>
/// One open response and its mailbox. The mailbox has one slot: the newest frame wins, so a slow viewer skips and memory
/// never grows.
/// </summary>
/// <remarks>
/// Whoever offers a frame also writes it, unless a write is already under way; then the write that is under way takes the
/// newest frame next. So there is never more than one writer and there is no task per viewer while nothing changes.
/// Streams that are not the visitors', such as the monitor's own, have no metrics.
/// What is true at the end: once <see cref="Completion"/> has ended, nothing is being written and nothing will be.
/// </remarks>
internal abstract partial class LiveStream(TimeProvider clock, CounterMetrics? metrics)
{
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The mailbox: the newest frame, and whether its write has yet to begin. Guarded by `completion`, since a lock of its own would be 40 bytes
    // more for each stream; as is everything below.
    private Frame? newest;
    private bool waits;

    // Called when the next frame was written as a probe; null when it is none.
    private Action? probe;
    private bool writing;
    private bool ending;
    private bool closed;

    // The time the write under way began or, when there is none, the time the last one ended.
    private long touched = clock.GetTimestamp();

    /// <summary>Ends when the stream has: its last frame is written, its peer is gone, or it was dropped.</summary>
    public Task Completion => completion.Task;

    /// <summary>Is cancelled when the peer is gone.</summary>
    public abstract CancellationToken Aborted { get; }

    /// <summary>The connection of a browser's few that it holds; null where it takes none.</summary>
    public virtual HeldConnection? Connection => null;

    /// <summary>Puts a frame into the mailbox, in place of one that is still waiting there.</summary>
    public void Offer(Frame frame) => Put(frame, isLast: false);

    /// <summary>
    /// Sends the newest frame again, as a probe: one that waits, or that is offered before the write begins, goes in its place. Where there is none yet, the
    /// first one is the probe. A last frame is none.
    /// </summary>
    /// <param name="written">Is called once when it was written; never when the stream ends before.</param>
    public void Probe(Action written)
    {
        lock (completion)
        {
            if (closed || ending)
            {
                return;
            }

            probe += written;
        }

        Resend();
    }

    /// <summary>Sends the newest frame again, if there is one.</summary>
    public void Resend()
    {
        lock (completion)
        {
            if (newest is null)
            {
                return;
            }
        }

        Put(frame: null, isLast: false);
    }

    /// <summary>Ends the stream properly: this frame is written, then the body is closed. Later offers are ignored.</summary>
    public void End(Frame last) => Put(last, isLast: true);

    /// <summary>Ends the stream properly with the newest frame, as it is; cuts it where there is none.</summary>
    public void EndNow()
    {
        Frame? last;
        lock (completion)
        {
            last = newest;
        }

        if (last is null)
        {
            Close();
        }
        else
        {
            End(last);
        }
    }

    /// <summary>The peer is gone or takes nothing: whatever waits is forgotten and a write under way is the last.</summary>
    public void Close()
    {
        lock (completion)
        {
            closed = true;
            waits = false;
            probe = null;
            if (writing)
            {
                return;
            }
        }

        Complete();
    }

    /// <summary>Writes one frame and flushes it.</summary>
    /// <returns>False when the peer is gone.</returns>
    protected abstract ValueTask<bool> WriteAsync(Frame frame, bool last);

    /// <summary>Writes one frame, not the last, so that a browser closes the stream if its page was left.</summary>
    /// <returns>False when the peer is gone.</returns>
    protected virtual ValueTask<bool> WriteProbeAsync(Frame frame) => WriteAsync(frame, last: false);

    /// <summary>The stream has ended.</summary>
    protected virtual void OnEnded()
    {
    }

    /// <summary>Cuts the connection, so that a write under way returns.</summary>
    protected abstract void Abort();

    private void Complete()
    {
        if (completion.TrySetResult())
        {
            OnEnded();
        }
    }

    /// <param name="frame">The frame; null for the newest, again.</param>
    /// <param name="isLast">Whether it ends the stream.</param>
    private void Put(Frame? frame, bool isLast)
    {
        Action? written;
        lock (completion)
        {
            if (closed || ending)
            {
                return;
            }

            if (waits && frame is not null)
            {
                metrics?.FrameSkipped();
            }

            ending = isLast;
            newest = frame ??= newest!;
            if (writing)
            {
                waits = true;
                return;
            }

            writing = true;
            touched = clock.GetTimestamp();
            written = TakeProbe(isLast);
        }

        // Owned by `completion`: the pump catches all that a write can throw and whoever serves the request awaits Completion.
        _ = PumpAsync(frame, isLast, written);
    }

    private async Task PumpAsync(Frame frame, bool last, Action? written)
    {
        do
        {
            var alive = false;
            try
            {
                alive = await (written is null ? WriteAsync(frame, last) : WriteProbeAsync(frame));
            }
            catch (Exception)
            {
                // Whatever it was, nothing more can be written: most often the peer went away. The stream ends below.
            }

            if (alive)
            {
                metrics?.FrameSent(frame.Image.Length);
                written?.Invoke();
            }

            if (!alive || last)
            {
                Close();
            }
        }
        while (TakeNext(out frame, out last, out written));
    }

    /// <summary>The caller holds the lock. What was to be probed ends: nobody is told of a last frame.</summary>
    private Action? TakeProbe(bool isLast)
    {
        var written = isLast ? null : probe;
        probe = null;
        return written;
    }

    /// <summary>Takes what waits in the mailbox. False ends the pump: it is empty, or the stream is closed.</summary>
    private bool TakeNext(out Frame frame, out bool last, out Action? written)
    {
        lock (completion)
        {
            touched = clock.GetTimestamp();
            last = ending;
            frame = newest!;
            written = null;
            if (!closed && waits)
            {
                waits = false;
                written = TakeProbe(last);
                return true;
            }

            writing = false;
            if (!closed)
            {
                return false;
            }
        }

        Complete();
        return false;
    }
}
