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
    public SimulatedDay(Plan plan, Func<TimeProvider, ICounting> counting, bool embed = false)
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

    /// <summary>Who has which page on the screen.</summary>
    public Numbers Truth { get; } = new();

    /// <summary>The last pages of visits that browsers keep open although their visitors are on another site.</summary>
    public Numbers Kept { get; } = new();

    /// <summary>How far what was shown was from the truth.</summary>
    public Deviation Shown { get; } = new();

    /// <summary>How far it would have been, had only the last pages been wrong.</summary>
    public Deviation LastPages { get; } = new();

    public SimulatedDay Run()
    {
        var kept = new Numbers();
        for (var second = 1; second <= Plan.Seconds; second++)
        {
            RunUntil(second * 1_000L);
            Counting.Tick();
            Shown.Add(Counting.Shown, Truth);
            for (var page = 0; page < Plan.Pages; page++)
            {
                kept.Set(page, Truth[page] + Kept[page]);
            }

            LastPages.Add(kept, Truth);
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
