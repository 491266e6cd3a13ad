namespace Counter.Gateway.Streaming;

/// <summary>
/// Draws the large pictures of open streams, one after the other, so that no push waits for them. Each stream has at most one
/// drawing here, so there are never more than streams.
/// </summary>
internal sealed class LargeDrawings
{
    private readonly Lock gate = new();
    private readonly Queue<Action> waiting = [];
    private bool running;

    /// <summary>Has something drawn when its turn has come. It must not throw.</summary>
    public void Add(Action draw)
    {
        lock (gate)
        {
            waiting.Enqueue(draw);
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
            Action? draw;
            lock (gate)
            {
                if (!waiting.TryDequeue(out draw))
                {
                    running = false;
                    return;
                }
            }

            draw();
        }
    }
}
