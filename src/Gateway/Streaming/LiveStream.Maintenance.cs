using Counter.Gateway.Settings;

namespace Counter.Gateway.Streaming;

/// <content>The maintenance of idle and stuck streams.</content>
internal abstract partial class LiveStream
{
    /// <summary>Maintains an idle stream. Drops a stream whose write makes no progress.</summary>
    /// <returns>Whether the current frame is due to be written again.</returns>
    public bool Maintain(StreamingOptions options)
    {
        lock (completion)
        {
            var quiet = clock.GetElapsedTime(touched);
            if (closed || ending && !writing)
            {
                return false;
            }

            if (!writing)
            {
                return quiet >= Refresh(options);
            }

            if (quiet < options.WriteTimeout)
            {
                return false;
            }

            closed = true;
            waits = false;
        }

        // Not on this thread, which maintains many other streams.
        ThreadPool.UnsafeQueueUserWorkItem(static stream => stream.AbortWrite(), this, preferLocal: false);
        return false;
    }

    /// <summary>The time for which the stream needs no maintenance, whatever is offered meanwhile. Zero or less when something is due.</summary>
    public TimeSpan RestsFor(StreamingOptions options)
    {
        lock (completion)
        {
            // A write under way can end at any time, and one can begin.
            var quiet = clock.GetElapsedTime(touched);
            var (due, other) = writing ? (options.WriteTimeout, Refresh(options)) : (Refresh(options), options.WriteTimeout);
            return closed || due - quiet > other ? other : due - quiet;
        }
    }

    /// <summary>Records that part of a frame was written. A slow peer is not stuck.</summary>
    protected void Progress()
    {
        lock (completion)
        {
            touched = clock.GetTimestamp();
        }
    }

    /// <summary>The time after which an unchanged number is sent again.</summary>
    protected virtual TimeSpan Refresh(StreamingOptions options) => options.Refresh;

    private void AbortWrite()
    {
        lock (completion)
        {
            // After the write has ended, the stream may have ended too, and the connection may serve the next request. Callbacks of the abort
            // run on other threads.
            if (writing)
            {
                metrics?.Dropped("stuck");
                Abort();
            }
        }
    }
}
