using Counter.Gateway.Settings;

namespace Counter.Gateway.Streaming;

/// <content>What is done for a stream that nothing happened to for a while.</content>
internal abstract partial class LiveStream
{
    /// <summary>
    /// Looks after a stream that nothing happened to for a while: one whose write makes no progress is dropped.
    /// </summary>
    /// <returns>True when the current frame is due to be written again.</returns>
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

        // Not on this thread: whoever looks after many streams keeps the others waiting meanwhile.
        ThreadPool.UnsafeQueueUserWorkItem(static stream => stream.AbortWrite(), this, preferLocal: false);
        return false;
    }

    /// <summary>For how long there is nothing to look after, whatever is offered meanwhile; zero or less when something is due.</summary>
    public TimeSpan RestsFor(StreamingOptions options)
    {
        lock (completion)
        {
            // A write under way may end the next moment, and one may begin.
            var quiet = clock.GetElapsedTime(touched);
            var (due, other) = writing ? (options.WriteTimeout, Refresh(options)) : (Refresh(options), options.WriteTimeout);
            return closed || due - quiet > other ? other : due - quiet;
        }
    }

    /// <summary>Part of a frame was written: the peer takes what it gets, however slowly.</summary>
    protected void Progress()
    {
        lock (completion)
        {
            touched = clock.GetTimestamp();
        }
    }

    /// <summary>After which time an unchanged number is sent again.</summary>
    protected virtual TimeSpan Refresh(StreamingOptions options) => options.Refresh;

    private void AbortWrite()
    {
        lock (completion)
        {
            // Once the write has ended the stream may have too, and the connection may be busy with the next request.
            // What is told of it comes back on other threads.
            if (writing)
            {
                metrics?.Dropped("stuck");
                Abort();
            }
        }
    }
}
