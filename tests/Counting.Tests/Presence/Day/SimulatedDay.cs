using Counter.Tests.Support;

namespace Counter.Counting.Tests.Presence.Day;

/// <summary>A planned day as it happens in browsers, with one way of counting; everything is compared once a second.</summary>
internal sealed class SimulatedDay
{
    private readonly ManualTimeProvider clock = new();
    private readonly DateTimeOffset start;
    private readonly PriorityQueue<Action, (long At, long Order)> due = new();
    private long order;
    private long now;

    /// <param name="plan">The day.</param>
    /// <param name="counting">Makes the way of counting.</param>
    /// <param name="embed">Whether the counter is the iframe, whose script closes the stream when its page is left.</param>
    public SimulatedDay(Plan plan, Func<ManualTimeProvider, ICounting> counting, bool embed = false)
    {
        start = clock.GetUtcNow();
        Counting = counting(clock);
        Embed = embed;
        foreach (var visit in plan.Visits)
        {
            var screen = new Screen(this, visit);
            foreach (var step in visit.Steps)
            {
                due.Enqueue(() => screen.Do(step), (step.At, order++));
            }
        }
    }

    public ICounting Counting { get; }

    public bool Embed { get; }

    /// <summary>For what browsers do a little sooner or later.</summary>
    public Random Random { get; } = new(1);

    /// <summary>Who has which page on the screen.</summary>
    public Numbers Truth { get; } = new();

    /// <summary>Who has which page open in a tab, in front or not.</summary>
    public Numbers OpenPages { get; } = new();

    /// <summary>How far what was shown was from who has the page on the screen.</summary>
    public Deviation FromTruth { get; } = new();

    /// <summary>How far it was from who has the page open in a tab.</summary>
    public Deviation FromOpenPages { get; } = new();

    public SimulatedDay Run()
    {
        for (var second = 1; second <= Plan.Seconds; second++)
        {
            for (var quarter = 3; quarter >= 0; quarter--)
            {
                RunUntil(second * 1_000L - 250 * quarter);
                Counting.Tick();
            }

            FromTruth.Add(Counting.Shown, Truth);
            FromOpenPages.Add(Counting.Shown, OpenPages);
        }

        return this;
    }

    public void After(int milliseconds, Action act) => due.Enqueue(act, (now + milliseconds, order++));

    private void RunUntil(long end)
    {
        while (due.TryPeek(out var act, out var next) && next.At <= end)
        {
            due.Dequeue();
            MoveTo(next.At);
            act();
        }

        MoveTo(end);
    }

    private void MoveTo(long at)
    {
        now = at;
        clock.Advance(start.AddMilliseconds(at) - clock.GetUtcNow());
    }
}
