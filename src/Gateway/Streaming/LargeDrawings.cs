namespace Counter.Gateway.Streaming;

/// <summary>
/// Draws the large pictures of open streams in the background, one at a time, so that pushes do not wait for them. Each open stream has at most
/// one drawing in the queue. Drawings of ended streams are at most as many again.
/// </summary>
internal sealed class LargeDrawings
{
    private const int Few = 64;

    private readonly Lock gate = new();
    private Queue<(LiveStream Stream, Action Draw)> waiting = [];
    private int most = Few;
    private bool running;

    /// <summary>Queues a drawing, which is skipped if the stream has ended by then. It must not throw.</summary>
    public void Add(LiveStream stream, Action draw)
    {
        lock (gate)
        {
            if (waiting.Count >= most)
            {
                waiting = new(waiting.Where(one => !one.Stream.Completion.IsCompleted));
                most = 2 * waiting.Count + Few;
            }

            waiting.Enqueue((stream, draw));
            if (running)
            {
                return;
            }

            running = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static self => self.Run(), this, preferLocal: false);
    }

    private void Run()
    {
        while (true)
        {
            (LiveStream Stream, Action Draw) next;
            lock (gate)
            {
                if (!waiting.TryDequeue(out next))
                {
                    running = false;
                    return;
                }
            }

            if (!next.Stream.Completion.IsCompleted)
            {
                next.Draw();
            }
        }
    }
}
