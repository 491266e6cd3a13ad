namespace Counter.Counting;

/// <summary>
/// Runs an action for triggers, at most once per interval: the first at once, those that follow merged into one run when the
/// interval is over. Safe for concurrent use.
/// </summary>
/// <remarks>
/// The action never runs twice at the same time, and always runs once more, begun after the trigger, for a trigger that comes while
/// it runs. No timer is armed while nothing is due. After <see cref="Dispose"/> no run begins; one under way goes on.
/// The action must not throw: on a timer's thread an exception ends the process.
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

    /// <summary>Makes one that has not run yet.</summary>
    /// <param name="clock">Tells and waits.</param>
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

    /// <summary>Asks for a run: on this thread when the interval has passed since the last one began, else once when it has.</summary>
    public void Trigger()
    {
        // The lock also makes what the caller wrote before visible to the run that this trigger is merged into.
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

    /// <summary>Cancels what is scheduled and ignores triggers from now on.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            state = State.Disposed;
            timer?.Dispose();
        }
    }

    /// <summary>Begins a run if it is time for one, and else schedules it; the caller holds the lock.</summary>
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

        // A timer keeps the context it is made in alive: without this, that of the request that came first.
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
                        // Even when it is due already, a timer runs it: whoever called Trigger is not kept here.
                        again = false;
                        var wait = interval - clock.GetElapsedTime(lastRun!.Value);
                        Schedule(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
                    }
                }
            }
        }
    }
}
