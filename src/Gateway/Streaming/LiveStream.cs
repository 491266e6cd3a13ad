using Counter.Gateway.Frames;
using Counter.Gateway.Operations;

namespace Counter.Gateway.Streaming;

/// <summary>
/// One open response and its mailbox. The mailbox has one slot and the newest frame wins, so a slow viewer skips frames and memory never grows.
/// </summary>
/// <remarks>
/// The thread that offers a frame also writes it, unless a write is under way. The running write then takes the newest frame next. So there is
/// never more than one writer, and no task per viewer while nothing changes. Streams that are not visitors' streams, such as the monitor's own,
/// have no metrics. After <see cref="Completion"/> nothing is being written and nothing will be.
/// </remarks>
internal abstract partial class LiveStream(TimeProvider clock, CounterMetrics? metrics)
{
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The newest frame, and whether its write has yet to begin. `completion` guards them and all fields below: a lock of its own would cost 40
    // bytes for each stream.
    private Frame? newest;
    private bool waits;

    // Called after the next frame was written as a probe. Null when the next frame is no probe.
    private Action? probe;
    private bool writing;
    private bool ending;
    private bool closed;

    // The start of the write under way. Without one, the end of the last write.
    private long touched = clock.GetTimestamp();

    /// <summary>Completes when the stream has ended: its last frame was written, its peer left, or it was dropped.</summary>
    public Task Completion => completion.Task;

    /// <summary>Cancelled when the peer has left.</summary>
    public abstract CancellationToken Aborted { get; }

    /// <summary>The scarce browser connection that it holds. Null where connections are not scarce.</summary>
    public virtual HeldConnection? Connection => null;

    /// <summary>Whether a write is under way. A frame that is offered now waits, and the next one may replace it.</summary>
    public bool IsWriting
    {
        get
        {
            lock (completion)
            {
                return writing;
            }
        }
    }

    /// <summary>Puts a frame into the mailbox and replaces one that waits there.</summary>
    public void Offer(Frame frame) => Put(frame, isLast: false);

    /// <summary>
    /// Sends the newest frame again, as a probe. A frame that waits, or that is offered before the write begins, takes its place. Without any
    /// frame yet, the first one is the probe. A last frame is never a probe.
    /// </summary>
    /// <param name="written">Called once after the probe was written. Not called when the stream ends before.</param>
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
    public void Resend() => PutNewest(isLast: false);

    /// <summary>Ends the stream properly: writes this frame, then closes the body. Later offers are ignored.</summary>
    public void End(Frame last) => Put(last, isLast: true);

    /// <summary>Ends the stream properly with the newest frame. Cuts it when there is none.</summary>
    public void EndNow() => PutNewest(isLast: true);

    /// <summary>Closes the stream, because the peer left or is stuck. Discards the waiting frame; a write under way is the last.</summary>
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

    /// <summary>Continues after a batch has sent a frame that the stream added to it.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="writing">What <see cref="WriteAsync"/> would return. It completes when all of the frame is written.</param>
    public void Sent(Frame frame, ValueTask<bool> writing) => _ = PumpAsync(frame, last: false, written: null, writing);

    /// <summary>Adds the write of a frame to the sends that this thread collects, instead of making it.</summary>
    /// <returns>False when the stream has to write the frame itself.</returns>
    protected virtual bool TryAddTo(SendBatch batch, Frame frame) => false;

    /// <summary>Writes one frame and flushes it.</summary>
    /// <returns>False when the peer has left.</returns>
    protected abstract ValueTask<bool> WriteAsync(Frame frame, bool last);

    /// <summary>Writes one frame, not the last, so that the browser closes the stream if its page was left.</summary>
    /// <returns>False when the peer has left.</returns>
    protected virtual ValueTask<bool> WriteProbeAsync(Frame frame) => WriteAsync(frame, last: false);

    /// <summary>Called when the stream has ended.</summary>
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

    private void PutNewest(bool isLast)
    {
        // It is never null again.
        if (Volatile.Read(ref newest) is not null)
        {
            Put(frame: null, isLast);
        }
        else if (isLast)
        {
            Close();
        }
    }

    /// <param name="frame">The frame. Null to write the newest one again.</param>
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

        if (written is null && !isLast && SendBatch.Current is { } batch && TryAddTo(batch, frame))
        {
            return;
        }

        // `completion` owns the task: the pump catches everything that a write throws, and the request awaits Completion.
        _ = PumpAsync(frame, isLast, written);
    }

    private async Task PumpAsync(Frame frame, bool last, Action? written, ValueTask<bool>? begun = null)
    {
        do
        {
            var alive = false;
            try
            {
                alive = await (begun ?? (written is null ? WriteAsync(frame, last) : WriteProbeAsync(frame)));
                if (alive)
                {
                    metrics?.FrameSent(frame.Image.Length);
                    written?.Invoke();
                }
            }
            catch (Exception)
            {
                // Nothing more can be written, whatever the error. Most often the peer left. The stream ends below.
            }

            begun = null;

            if (!alive || last)
            {
                Close();
            }
        }
        while (TakeNext(out frame, out last, out written));
    }

    /// <summary>Takes the pending probe. A last frame discards it. The caller holds the lock.</summary>
    private Action? TakeProbe(bool isLast)
    {
        var written = isLast ? null : probe;
        probe = null;
        return written;
    }

    /// <summary>Takes the waiting frame. False ends the pump: the mailbox is empty, or the stream is closed.</summary>
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
