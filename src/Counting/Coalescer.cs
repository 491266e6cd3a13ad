namespace Counter.Counting;

/// <summary>
/// Runs an action for triggers, at most once per interval. The first trigger runs it at once. Triggers that follow are merged into one run
/// at the end of the interval. Safe for concurrent use.
/// </summary>
/// <remarks>
/// Runs never overlap. A trigger during a run causes another run that begins after the trigger. No timer is armed while nothing is due.
/// After <see cref="Dispose"/> no run begins; one under way completes. The action must not throw: on a timer's thread an exception ends
/// the process.
/// </remarks>
public sealed class Coalescer : IDisposable
{
    private readonly TimeProvider clock;
    private readonly TimeSpan interval;
    private readonly Action act;
    private readonly Lock gate = new();

    private ITimer? timer;
    private long? lastRun;
    private State state;
    private bool again;

    /// <summary>Creates a coalescer that has not run yet.</summary>
    /// <param name="clock">Provides the time and the timer.</param>
    /// <param name="interval">The least time from the beginning of one run to the beginning of the next.</param>
    /// <param name="act">What to run.</param>
    public Coalescer(TimeProvider clock, TimeSpan interval, Action act) =>
        (this.clock, this.interval, this.act) = (clock, interval, act);

    private enum State
    {
        Idle,
        Scheduled,
        Running,
        Disposed,
    }

    /// <summary>Requests a run: on this thread if the interval has passed since the last run began, otherwise once when it has.</summary>
    public void Trigger()
    {
        // The lock also makes the caller's earlier writes visible to the run that this trigger is merged into.
        lock (gate)
        {
            again |= state == State.Running;
            if (state != State.Idle || !TryBegin())
            {
                return;
            }
        }

        Run();
    }

    /// <summary>Cancels a scheduled run and ignores further triggers.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            state = State.Disposed;
            timer?.Dispose();
        }
    }

    /// <summary>Begins a run if one is due, otherwise schedules it. The caller holds the lock.</summary>
    private bool TryBegin()
    {
        var wait = lastRun is { } last ? interval - clock.GetElapsedTime(last) : TimeSpan.Zero;
        if (wait <= TimeSpan.Zero)
        {
            Begin();
            return true;
        }

        Schedule(wait);
        return false;
    }

    private void Begin()
    {
        state = State.Running;
        lastRun = clock.GetTimestamp();
    }

    private void Schedule(TimeSpan wait)
    {
        state = State.Scheduled;
        if (timer is not null)
        {
            timer.Change(wait, Timeout.InfiniteTimeSpan);
            return;
        }

        // A timer keeps the execution context of its creator alive. Without this, that is the context of the first request.
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            timer = clock.CreateTimer(static self => ((Coalescer)self!).OnTimer(), this, wait, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        lock (gate)
        {
            if (state != State.Scheduled)
            {
                return;
            }

            Begin();
        }

        Run();
    }

    private void Run()
    {
        try
        {
            act();
        }
        finally
        {
            lock (gate)
            {
                if (state == State.Running)
                {
                    state = State.Idle;
                    if (again)
                    {
                        // A timer runs it even if it is due already, so that the caller of Trigger can return.
                        again = false;
                        var wait = interval - clock.GetElapsedTime(lastRun!.Value);
                        Schedule(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
                    }
                }
            }
        }
    }
}
